// Pictures for the timeline. Role: stored thumbnails where they are near enough, else the frame itself, grabbed from the
// file; says when something arrived, keeps the latest ones. Limits: no drawing; a picture that fails stays away.
import { resourceUrl } from '../../../../shared/contract/index.ts';
import { thumbnailAt } from '../../../components/Picture.tsx';
import type { Grabber } from '../player/grabber.ts';

export interface Pictures {
  /** Width by height. */
  readonly aspect: number;
  /**
   * The best picture there is for a frame, null while none is. With `asks` it asks for a better one unless the stored
   * thumbnail is within `tolerance` frames.
   */
  at(frame: number, tolerance: number, asks: boolean): CanvasImageSource | null;
  /** Gives up what was asked for and is not there yet. */
  forget(): void;
  /** Tells when a picture arrived. @returns a function that stops it. */
  onArrival(listener: () => void): () => void;
  dispose(): void;
}

export interface PicturesOptions {
  videoId: number;
  /** Stored thumbnails, evenly spread; 0 for none. */
  thumbnails: number;
  frames: number;
  aspect: number;
  /** Makes the source of single frames; null where the file cannot be played. */
  openGrabber: ((onPicture: () => void) => Grabber) | null;
  /** Whether there is time to grab frames now: not while the video plays, and not before its own picture is there. */
  isIdle(): boolean;
}

const KEPT = 600;

export function createPictures(options: PicturesOptions): Pictures {
  const { videoId, thumbnails, frames, aspect, openGrabber, isIdle } = options;
  const images = new Map<number, HTMLImageElement>();
  const listeners = new Set<() => void>();
  const arrived = () => {
    for (const listener of [...listeners]) listener();
  };
  let grabber: Grabber | null = null;

  function stored(frame: number): { image: HTMLImageElement | null; distance: number } {
    if (thumbnails === 0) return { image: null, distance: Infinity };
    const index = thumbnailAt(frame / Math.max(1, frames), thumbnails);
    const distance = Math.abs(frame - ((index + 0.5) * frames) / thumbnails);
    const known = images.get(index);
    if (known) return { image: known.complete && known.naturalWidth > 0 ? known : null, distance };
    const image = new Image();
    image.decoding = 'async';
    image.onload = arrived;
    image.src = resourceUrl.thumbnail(videoId, index);
    images.set(index, image);
    if (images.size > KEPT) images.delete(images.keys().next().value as number);
    return { image: null, distance };
  }

  return {
    aspect,
    at(place, tolerance, asks) {
      const frame = Math.min(Math.max(Math.floor(place), 0), Math.max(0, frames - 1));
      const { image, distance } = stored(frame);
      if (distance <= tolerance || !openGrabber) return image;
      const exact = grabber?.at(frame) ?? null;
      if (!exact && asks && isIdle()) {
        grabber ??= openGrabber(arrived);
        grabber.want(frame);
      }
      return exact ?? image;
    },
    forget: () => grabber?.forget(),
    onArrival(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      listeners.clear();
      grabber?.dispose();
      grabber = null;
    },
  };
}
