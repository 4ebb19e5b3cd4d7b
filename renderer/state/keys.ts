// Keyboard shortcuts of a screen. Role: chords to functions, with the rule that typing in a field wins over plain keys.
// Limits: chords are fixed per screen; widgets handle their own arrow keys.
import { useEffect, useRef } from 'react';
import { chordsOfPress, thisKeyboard, typesSign } from './chords.ts';

/** Whether keys typed into this element are text. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  return (
    target instanceof HTMLInputElement &&
    !['checkbox', 'radio', 'range', 'button', 'submit'].includes(target.type)
  );
}

/** Does what a screen is about wherever the focus is: buttons and radios would take it for their own Enter. */
const PRIMARY = 'ctrl+enter';

export type KeyBindings = Readonly<Record<string, (event: KeyboardEvent) => void>>;

export interface KeyOptions {
  enabled?: boolean;
  inDialog?: boolean;
  /** Chords that act again and again while their key is held down; the others act once a press. */
  held?: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/** Binds chords on the window while the component is mounted; not while a dialog is open, unless `inDialog`. */
export function useKeys(
  bindings: KeyBindings,
  { enabled = true, inDialog = false, held = NONE }: KeyOptions = {},
): void {
  const latest = useRef({ bindings, held });
  useEffect(() => {
    latest.current = { bindings, held };
  });
  useEffect(() => {
    if (!enabled) return;
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return;
      const now = latest.current;
      const chord = chordsOfPress(event, thisKeyboard()).find((one) => Object.hasOwn(now.bindings, one));
      if (chord === undefined) return;
      if ((chord === PRIMARY) !== (event.eventPhase === Event.CAPTURING_PHASE)) return;
      if (takesText(event.target)) {
        if (!/^(ctrl|alt)\+|^(shift\+)?f\d/.test(chord) || typesSign(event, thisKeyboard())) return;
      }
      if (!inDialog && document.querySelector('[role="dialog"][data-modal], [role="alertdialog"]')) return;
      event.preventDefault();
      if (chord === PRIMARY) event.stopPropagation();
      if (!event.repeat || now.held.has(chord)) now.bindings[chord](event);
    };
    window.addEventListener('keydown', onKey);
    window.addEventListener('keydown', onKey, { capture: true });
    return () => {
      window.removeEventListener('keydown', onKey);
      window.removeEventListener('keydown', onKey, { capture: true });
    };
  }, [enabled, inDialog]);
}
