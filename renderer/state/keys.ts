// Keyboard shortcuts of a screen. Role: chords to functions, with the rule that typing in a field wins over plain keys.
// Limits: chords are fixed per screen; widgets handle their own arrow keys.
import { useEffect, useRef } from 'react';

/** `ctrl+i`, `shift+f6`, `?`: modifiers in the order ctrl, alt, shift, then the key in lower case. Cmd counts as ctrl. */
export function chordOf(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
): string {
  const key = event.key === ' ' ? 'space' : event.key.toLowerCase();
  const printable = key.length === 1 && !/[a-z0-9]/.test(key); // `?` already holds its shift
  return [
    event.ctrlKey || event.metaKey ? 'ctrl+' : '',
    event.altKey ? 'alt+' : '',
    event.shiftKey && !printable ? 'shift+' : '',
    key,
  ].join('');
}

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

/** Binds chords on the window while the component is mounted; not while a dialog is open, unless `inDialog`. */
export function useKeys(bindings: KeyBindings, { enabled = true, inDialog = false } = {}): void {
  const latest = useRef(bindings);
  useEffect(() => {
    latest.current = bindings;
  });
  useEffect(() => {
    if (!enabled) return;
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return;
      const chord = chordOf(event);
      if ((chord === PRIMARY) !== (event.eventPhase === Event.CAPTURING_PHASE)) return;
      const action = Object.hasOwn(latest.current, chord) ? latest.current[chord] : undefined;
      if (!action) return;
      if (takesText(event.target) && !/^(ctrl|alt)\+|^(shift\+)?f\d/.test(chord)) return;
      if (!inDialog && document.querySelector('[role="dialog"][data-modal], [role="alertdialog"]')) return;
      event.preventDefault();
      if (chord === PRIMARY) event.stopPropagation();
      action(event);
    };
    window.addEventListener('keydown', onKey);
    window.addEventListener('keydown', onKey, { capture: true });
    return () => {
      window.removeEventListener('keydown', onKey);
      window.removeEventListener('keydown', onKey, { capture: true });
    };
  }, [enabled, inDialog]);
}

/** A chord as people read it: `ctrl+enter` becomes `Ctrl Enter`. */
export function keyText(chord: string): string {
  return chord
    .split('+')
    .map((part) => (part.length === 1 ? part.toUpperCase() : part[0].toUpperCase() + part.slice(1)))
    .join(' ');
}
