// Boxes and poses around the playhead. Role: fetches them in stretches when they are first wanted, keeps the latest ones.
// Limits: no drawing; a stretch that cannot be had stays empty.
import { resourceUrl } from '../../../../shared/contract/index.ts';
import {
  type DetectionKind,
  type Detections,
  decodeDetections,
} from '../../../../shared/labels/detections.ts';
import { fetchBytes } from '../data.ts';

export interface DetectionSource {
  /** What was seen around a frame; null while it is on its way, and where there is nothing. */
  at(frame: number): Detections | null;
}

/** Frames fetched at once. */
const STRETCH = 512;
const KEPT = 12;

/** @param onArrival called when something that was wanted has come */
export function createDetectionSource(
  videoId: number,
  kind: DetectionKind,
  onArrival: () => void,
): DetectionSource {
  const stretches = new Map<number, Detections | null>();
  function want(index: number): void {
    if (index < 0 || stretches.has(index)) return;
    stretches.set(index, null);
    if (stretches.size > KEPT) stretches.delete(stretches.keys().next().value as number);
    const url = resourceUrl.detections(videoId, kind, index * STRETCH, (index + 1) * STRETCH);
    fetchBytes(url).then(
      (bytes) => {
        stretches.set(index, bytes && decodeDetections(bytes));
        onArrival();
      },
      () => {}, // the picture is shown without them
    );
  }
  return {
    at(frame) {
      const index = Math.floor(frame / STRETCH);
      want(index);
      if (frame % STRETCH > STRETCH / 2) want(index + 1);
      return stretches.get(index) ?? null;
    },
  };
}
