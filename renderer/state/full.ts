// The large picture: everything around the work is away, on the whole screen where the browser allows it.
// Role: one switch for shell and review. Limits: leaving the whole screen by the browser's own key turns it off too.
import { create } from 'zustand';

interface Full {
  on: boolean;
}

export const useFull = create<Full>()(() => ({ on: false }));

export function setFull(on: boolean): void {
  useFull.setState({ on });
  const { documentElement } = document;
  // A refusal (no gesture, not allowed) leaves the large picture inside the window.
  if (on && !document.fullscreenElement) documentElement.requestFullscreen().catch(() => {});
  if (!on && document.fullscreenElement) document.exitFullscreen().catch(() => {});
}

if (typeof document !== 'undefined') {
  document.addEventListener('fullscreenchange', () => {
    if (!document.fullscreenElement) useFull.setState({ on: false });
  });
}
