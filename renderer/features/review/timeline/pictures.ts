// Thumbnails for canvases. Role: loads a picture when it is first wanted, says when it is there, keeps the latest ones.
// Limits: no drawing; a picture that fails stays away.
import { resourceUrl } from '../../../../shared/contract/index.ts';
import { thumbnailAt } from '../../../components/Picture.tsx';

export interface Pictures {
  readonly count: number;
  /** Width by height. */
  readonly aspect: number;
  /** Index of the picture nearest to a frame. */
  indexAt(frame: number): number;
  /** The picture nearest to a frame, null while it loads. */
  at(frame: number): HTMLImageElement | null;
  url(frame: number): string;
}

const KEPT = 600;

/** @param count pictures in all, evenly spread. @param onLoad called after each picture that arrives. */
export function createPictures(
  videoId: number,
  count: number,
  frames: number,
  aspect: number,
  onLoad: () => void,
): Pictures {
  const images = new Map<number, HTMLImageElement>();
  const indexAt = (frame: number) => thumbnailAt(frame / Math.max(1, frames), count);
  const url = (frame: number) => resourceUrl.thumbnail(videoId, indexAt(frame));
  return {
    count,
    aspect,
    indexAt,
    url,
    at(frame) {
      const index = indexAt(frame);
      const known = images.get(index);
      if (known) return known.complete && known.naturalWidth > 0 ? known : null;
      const image = new Image();
      image.decoding = 'async';
      image.onload = onLoad;
      image.src = url(frame);
      images.set(index, image);
      if (images.size > KEPT) images.delete(images.keys().next().value as number);
      return null;
    },
  };
}
