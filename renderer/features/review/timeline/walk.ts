// Arrow keys along a row of events. Role: the one key handler of rows that stand for what a canvas draws. Limits: moves
// nothing itself, and leaves keys with modifiers to the page.
import type { KeyboardEvent } from 'react';

/** Left and right go to the neighbours, Home and End to the ends. @param index of the event with the focus, from 0 */
export const walkKeys =
  (index: number, total: number, go: (index: number) => void) =>
  (key: KeyboardEvent): void => {
    const to = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: total - 1 }[key.key];
    if (to === undefined || key.ctrlKey || key.altKey || key.shiftKey || key.metaKey) return;
    key.preventDefault();
    key.stopPropagation();
    go(to);
  };
