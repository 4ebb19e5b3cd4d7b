// Binds the review's keys. Role: the keymap's chords to the screen's actions, wherever focus is except in text.
// Limits: lists and dialogs that float keep their keys.
import { type RefObject, useEffect, useRef } from 'react';
import { keyOverrides } from '../../state/bindings.ts';
import { useCommands } from '../../state/commands.ts';
import { type KeyBindings, takesText, useKeys } from '../../state/keys.ts';
import { chordsOf, HELD, KEYMAP, keyOf, type ReviewActions } from './keymap.ts';
import { hush } from './word.ts';

const FLOATING =
  '[role="dialog"], [role="alertdialog"], [role="listbox"][data-focused], [role="menu"], [role="option"][data-focused]';

/** What Enter presses or opens. */
const PRESSED_BY_ENTER = 'button, a, [role="button"], [role="menuitem"]';

const inFloating = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest(FLOATING) !== null;

export function useReviewKeys(actions: ReviewActions): void {
  keyOverrides.use(); // other keys bind, and are shown, at once
  const bindings: Record<string, (event: KeyboardEvent) => void> = {};
  const held = new Set<string>();
  for (const { action } of KEYMAP) {
    for (const chord of chordsOf(action)) {
      if (chord === 'space' || chord === 'enter') continue;
      if (HELD.has(action)) held.add(chord);
      bindings[chord] = (event) => {
        if (inFloating(event.target)) return;
        hush();
        actions[action]();
      };
    }
  }
  useKeys(bindings satisfies KeyBindings, { held });

  useCommands(
    'review',
    // Lanes of runs are found by the names of their runs.
    KEYMAP.filter(({ action }) => !/^lane\d$/.test(action)).map(({ action, text }) => ({
      id: action,
      text,
      kbd: keyOf(action),
      run: actions[action],
    })),
  );

  // Enter belongs to the control that has the focus; elsewhere it is a key like others (it makes an event of what is marked).
  const onEnter = useLatest(actions, 'enter');
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      if (event.defaultPrevented || takesText(event.target) || inFloating(event.target)) return;
      if (event.target instanceof Element && event.target.closest(PRESSED_BY_ENTER)) return;
      if (document.querySelector('[role="dialog"][data-modal], [role="alertdialog"]')) return;
      if (!onEnter.current) return;
      event.preventDefault();
      if (!event.repeat) onEnter.current();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onEnter]);

  // Space also presses the button that was used last; here it plays, as in every player, so it has to be seen first.
  const onSpace = useLatest(actions, 'space');
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== ' ' || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      if (takesText(event.target) || inFloating(event.target)) return;
      if (document.querySelector('[role="dialog"][data-modal], [role="alertdialog"]')) return;
      if (!onSpace.current) return;
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat) onSpace.current();
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [onSpace]);
}

/** The function that a key has now, for listeners that stay; null when it has none. */
function useLatest(actions: ReviewActions, chord: string): RefObject<(() => void) | null> {
  const action = KEYMAP.find((key) => chordsOf(key.action).includes(chord))?.action;
  const latest = useRef<(() => void) | null>(null);
  useEffect(() => {
    latest.current = action ? actions[action] : null;
  });
  return latest;
}
