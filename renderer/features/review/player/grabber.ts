// Pictures of any frame, small, from a second element nobody sees. Role: what the pointer hovers over, and tiles of the
// strip where stored thumbnails are too far apart. Limits: one picture at a time, the newest wish first; the player's own
// element is never touched, so nothing here can disturb what is on the screen.
import { type FrameTable, seekTimeOf, timeOfFrame } from '../../../../shared/labels/frame-table.ts';

export interface Grabber {
  /** The picture of a frame when it is there already. */
  at(frame: number): ImageBitmap | null;
  /** Asks for a frame; `onPicture` tells when something came. Older wishes are forgotten once there are many. */
  want(frame: number): void;
  /** Forgets all wishes. */
  forget(): void;
  dispose(): void;
}

const WIDTH = 200;
const KEPT = 300;
const WAITING = 24;
/** A seek that does not answer is given up after this time. */
const PATIENCE_MS = 4000;

/** @param url of the playable file. @param onPicture called after each picture that arrived. */
export function createGrabber(url: string, table: FrameTable, onPicture: () => void): Grabber {
  const pictures = new Map<number, ImageBitmap>();
  let wishes: number[] = [];
  let video: HTMLVideoElement | null = null;
  let busy = false;
  let failed = false;
  /** Seconds to take away from the file's own times, see player.ts. */
  let offset = 0;

  function open(): Promise<HTMLVideoElement> {
    const element = document.createElement('video');
    element.muted = true;
    element.preload = 'auto';
    video = element;
    return new Promise((resolve, reject) => {
      const first = timeOfFrame(table, 0);
      element.requestVideoFrameCallback((_, { mediaTime }) => {
        if (mediaTime < first - 0.002) offset = first - mediaTime;
        resolve(element);
      });
      element.addEventListener('error', () => reject(new Error('no picture')), { once: true });
      setTimeout(() => resolve(element), PATIENCE_MS);
      element.src = url;
    });
  }

  function shown(element: HTMLVideoElement, seconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, PATIENCE_MS);
      element.requestVideoFrameCallback(() => {
        clearTimeout(timer);
        resolve();
      });
      element.currentTime = seconds;
    });
  }

  async function work(): Promise<void> {
    busy = true;
    try {
      const element = video ?? (await open());
      for (let frame = wishes.pop(); frame !== undefined; frame = wishes.pop()) {
        if (video !== element) return;
        if (pictures.has(frame)) continue;
        await shown(element, seekTimeOf(table, frame) - offset);
        if (element.videoWidth === 0) continue;
        const height = Math.max(1, Math.round((WIDTH * element.videoHeight) / element.videoWidth));
        const picture = await createImageBitmap(element, { resizeWidth: WIDTH, resizeHeight: height });
        if (video !== element) {
          picture.close();
          return;
        }
        pictures.set(frame, picture);
        for (const [oldest, old] of pictures) {
          if (pictures.size <= KEPT) break;
          pictures.delete(oldest);
          old.close();
        }
        onPicture();
      }
    } catch {
      failed = true; // the player says what is wrong with the file; here the stored thumbnails stay
    } finally {
      busy = false;
    }
  }

  return {
    at: (frame) => pictures.get(frame) ?? null,
    want(frame) {
      if (failed || pictures.has(frame)) return;
      wishes = [...wishes.filter((other) => other !== frame), frame].slice(-WAITING);
      if (!busy) void work();
    },
    forget() {
      wishes = [];
    },
    dispose() {
      wishes = [];
      video?.removeAttribute('src');
      video?.load();
      video = null;
      for (const picture of pictures.values()) picture.close();
      pictures.clear();
    },
  };
}
