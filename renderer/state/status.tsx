// The status bar's middle, filled by whichever screen is shown.
import { type ReactNode, useSyncExternalStore } from 'react';
import { createPortal } from 'react-dom';

let slot: HTMLElement | null = null;
const listeners = new Set<() => void>();

/** Given as `ref` to the element in the status bar. */
export function statusSlot(element: HTMLElement | null): void {
  slot = element;
  for (const listener of [...listeners]) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Shows its children in the status bar while mounted. Use it for facts only. */
export function InStatusBar({ children }: { children: ReactNode }) {
  const element = useSyncExternalStore(subscribe, () => slot);
  return element && createPortal(children, element);
}
