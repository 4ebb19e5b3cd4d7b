// Binds the review's keys. Role: the keymap's chords to the screen's actions, wherever focus is except in text.
// Limits: lists and dialogs that float keep their keys.
import { useEffect, useRef } from 'react';
import { type KeyBindings, takesText, useKeys } from '../../state/keys.ts';
import { KEYMAP, type ReviewActions } from './keymap.ts';

const FLOATING =
  '[role="dialog"], [role="alertdialog"], [role="listbox"][data-focused], [role="menu"], [role="option"][data-focused]';

const inFloating = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest(FLOATING) !== null;

export function useReviewKeys(actions: ReviewActions): void {
  const bindings: Record<string, (event: KeyboardEvent) => void> = {};
  for (const { action, chords } of KEYMAP) {
    for (const chord of chords) {
      if (chord === 'space') continue;
      bindings[chord] = (event) => {
        if (!inFloating(event.target)) actions[action]();
      };
    }
  }
  useKeys(bindings satisfies KeyBindings);

  // Space also presses the button that was used last; here it plays, as in every player, so it has to be seen first.
  const toggle = useRef(actions.toggle);
  useEffect(() => {
    toggle.current = actions.toggle;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== ' ' || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      if (takesText(event.target) || inFloating(event.target)) return;
      if (document.querySelector('[role="dialog"][data-modal], [role="alertdialog"]')) return;
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat) toggle.current();
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, []);
}
