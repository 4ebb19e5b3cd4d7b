// How much footage playback has covered, and how long that took. Role: one sum for all videos, and its words.
// Limits: lasts as long as the window; counts what was played, not what was jumped over.
import { createStore } from 'zustand/vanilla';
import { duration } from '../../../format.ts';

export interface Watched {
  /** Seconds of footage that passed on the screen. */
  footage: number;
  /** Seconds it took. */
  watched: number;
}

export const watchedStore = createStore<Watched>(() => ({ footage: 0, watched: 0 }));

export function addPlayed(footage: number, watched: number): void {
  watchedStore.setState((sum) => ({ footage: sum.footage + footage, watched: sum.watched + watched }));
}

/** `4 min of footage in 38 s, 6.3×`; null before a few seconds were played. */
export function watchedText({ footage, watched }: Watched): string | null {
  if (watched < 3) return null;
  return `${duration(footage)} of footage in ${duration(watched)}, ${(footage / watched).toFixed(1)}×`;
}
