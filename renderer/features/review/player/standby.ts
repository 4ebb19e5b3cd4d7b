// The picture of the next event before one goes there. Role: one hidden element that has loaded the next video and stands on
// the event's first frame; the page takes it over as it is. Limits: one video at a time; what fails is loaded anew by
// the page, which also says what is wrong.
import { type FrameTable, seekTimeOf, timeOfFrame } from '../../../../shared/labels/frame-table.ts';

/** An element with what it has told so far: media times of its first picture and of the one it shows. */
export interface Standby {
  element: HTMLVideoElement;
  first: number;
  shown: number;
}

interface Waiting {
  videoId: number;
  element: HTMLVideoElement;
  ready: Standby | null;
}

let waiting: Waiting | null = null;

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

/** Forgets what stands by. */
export function dismiss(): void {
  if (waiting) emptyVideo(waiting.element);
  waiting = null;
}

/** Loads a video and goes to `frame`, in place of what stood by before. */
export async function standBy(videoId: number, url: string, table: FrameTable, frame: number): Promise<void> {
  dismiss();
  const element = createVideo();
  const mine: Waiting = { videoId, element, ready: null };
  waiting = mine;
  const picture = nextPicture(element);
  element.src = url;
  const first = await picture;
  if (waiting !== mine) return;
  let shown = first;
  if (frame > 0) {
    const there = nextPicture(element);
    // As in player.ts: the browser's clock starts at the first frame, or at the file's own time.
    element.currentTime = seekTimeOf(table, frame) - Math.max(0, timeOfFrame(table, 0) - first);
    shown = await there;
  }
  if (waiting === mine) mine.ready = { element, first, shown };
}

/** Hands over the element of a video; null when it is another one, or not there yet. */
export function takeStandby(videoId: number): Standby | null {
  if (waiting?.videoId !== videoId || !waiting.ready) return null;
  const { ready } = waiting;
  waiting = null;
  return ready;
}
