// Where in the review one is. Role: the address of a run and a video, and what the page remembers between two visits:
// the last video, and the frame at which the next one opens. Limits: lasts as long as the window.
import { create } from 'zustand';

/** `/review`, `/review/3`, `/review/3/17`: run and video. */
export function reviewPath(runId: number | null, videoId: number | null): string {
  if (runId === null) return '/review';
  return videoId === null ? `/review/${runId}` : `/review/${runId}/${videoId}`;
}

export interface Target {
  frame: number;
  /** Where the event ends that is there; null: only a place is meant. */
  end: number | null;
  /** The speed at which it plays as soon as it is there; 0: it does not. */
  speed: number;
}

interface PlaceState {
  /** The video shown last, to come back to. */
  lastVideoId: number | null;
  /** Where a video opens, set before going there. */
  target: ({ videoId: number } & Target) | null;
  /** The video at whose address the page was opened; null for none. */
  explicit: number | null;
  /** Whether the page went back to where the person stopped, which it does once. */
  cameBack: boolean;
}

export const usePlace = create<PlaceState>()(() => ({
  lastVideoId: null,
  target: null,
  explicit: Number(/^#\/review\/\d+\/(\d+)/.exec(globalThis.location?.hash ?? '')?.[1] ?? 0) || null,
  cameBack: false,
}));

/**
 * Says at which frame the next video opens; null: at its start. What was meant for a video that never opened is forgotten,
 * and whoever goes somewhere is not taken back to where they stopped.
 */
export function aimAt(videoId: number, frame: number | null, speed = 0, end: number | null = null): void {
  usePlace.setState({ target: frame === null ? null : { videoId, frame, end, speed }, cameBack: true });
}

/** A video that is being opened is not played when it is there. */
export function restThere(): void {
  usePlace.setState(({ target }) => ({ target: target && { ...target, speed: 0 } }));
}

/** Whether a video is to open at a frame of its own. */
export const isAimedAt = (videoId: number): boolean => usePlace.getState().target?.videoId === videoId;

/** Takes the place that was left for a video, if any. */
export function takeTarget(videoId: number): Target | null {
  const { target } = usePlace.getState();
  if (target?.videoId !== videoId) return null;
  usePlace.setState({ target: null });
  return target;
}
