// The pictures of the next events before one goes there. Role: hidden elements that load the next videos and go to the
// events' first frames; the page takes one over as it is, be it still on its way. Limits: a few videos at a time; what
// fails is loaded anew by the page, which also says what is wrong.
import { type FrameTable, seekTimeOf, timeOfFrame } from '../../../../shared/labels/frame-table.ts';
import type { Underway } from './player.ts';

/** An element with what it has told so far. */
export interface Standby extends Underway {
  element: HTMLVideoElement;
}

interface Waiting extends Standby {
  videoId: number;
  /** Where it is to stand. */
  wish: number;
}

let waiting: Waiting[] = [];

/** A fresh element as the page shows it, still without a source. */
export function createVideo(): HTMLVideoElement {
  const element = document.createElement('video');
  element.muted = true;
  element.playsInline = true;
  element.preload = 'auto';
  element.disablePictureInPicture = true;
  return element;
}

const nextPicture = (element: HTMLVideoElement): Promise<number> =>
  new Promise((resolve) => {
    element.requestVideoFrameCallback((_, { mediaTime }) => resolve(mediaTime));
  });

/** Lets go of a source, so that nothing more of it is loaded. */
export function emptyVideo(element: HTMLVideoElement): void {
  element.removeAttribute('src');
  element.load();
}

/** Forgets what stands by, but for the videos to keep. */
export function dismiss(isKept: (videoId: number) => boolean): void {
  for (const one of waiting) if (!isKept(one.videoId)) emptyVideo(one.element);
  waiting = waiting.filter((one) => isKept(one.videoId));
}

/**
 * Loads a video and goes to `frame`; one that stands there already stays.
 * @param coming the frame table, which may be on its way as long as the file; null: there is none, and no frame to go to
 * @returns when its picture is there
 */
export async function standBy(
  videoId: number,
  url: string,
  coming: Promise<FrameTable | null>,
  frame: number,
): Promise<void> {
  const known = waiting.find((one) => one.videoId === videoId);
  if (known?.wish === frame && !known.element.error) return;
  dismiss((id) => id !== videoId);
  const mine: Waiting = {
    videoId,
    wish: frame,
    element: createVideo(),
    first: null,
    shown: null,
    frame: null,
  };
  const { element } = mine;
  waiting.push(mine);
  const picture = nextPicture(element);
  element.src = url;
  mine.first = await picture;
  const table = await coming;
  // Whoever took it over or let go of it goes on with it alone.
  if (!table || !waiting.includes(mine)) return;
  mine.frame = frame;
  if (frame > 0) {
    const there = nextPicture(element);
    // As in player.ts: the browser's clock starts at the first frame, or at the file's own time.
    element.currentTime = seekTimeOf(table, frame) - Math.max(0, timeOfFrame(table, 0) - mine.first);
    mine.shown = await there;
  } else mine.shown = mine.first;
}

/** Hands over the element of a video; null where there is none, or it failed. */
export function takeStandby(videoId: number): Standby | null {
  const mine = waiting.find((one) => one.videoId === videoId);
  if (!mine || mine.element.error) return null;
  waiting = waiting.filter((one) => one !== mine);
  return { ...mine };
}
