// Binds the review's keys. Role: the keymap's chords to the screen's actions, wherever focus is except in text.
// Limits: lists and dialogs that float keep their keys.
import { useEffect, useRef } from 'react';
import { type KeyBindings, takesText, useKeys } from '../../state/keys.ts';
import { KEYMAP, type ReviewActions } from './keymap.ts';

const FLOATING =
  '[role="dialog"], [role="alertdialog"], [role="listbox"][data-focused], [role="menu"], [role="option"][data-focused]';

/** What Enter presses or opens. */
const PRESSED_BY_ENTER = 'button, a, [role="button"], [role="menuitem"]';

const inFloating = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest(FLOATING) !== null;

export function useReviewKeys(actions: ReviewActions): void {
  const bindings: Record<string, (event: KeyboardEvent) => void> = {};
  for (const { action, chords } of KEYMAP) {
    for (const chord of chords) {
      if (chord === 'space' || chord === 'enter') continue;
      bindings[chord] = (event) => {
        if (!inFloating(event.target)) actions[action]();
      };
    }
  }
  useKeys(bindings satisfies KeyBindings);

  // Enter belongs to the control that has the focus; elsewhere it makes an event of what is marked.
  const create = useRef(actions.create);
  useEffect(() => {
    create.current = actions.create;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      if (event.defaultPrevented || takesText(event.target) || inFloating(event.target)) return;
      if (event.target instanceof Element && event.target.closest(PRESSED_BY_ENTER)) return;
      if (document.querySelector('[role="dialog"][data-modal], [role="alertdialog"]')) return;
      event.preventDefault();
      create.current();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

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
