// Ground truth of one video as any file gives it. Role: what readers give and matching takes.
import type { FrameRange } from '../../shared/labels/types.ts';

export interface TruthEntry {
  /** Path of the video without extension, as the file names it. */
  key: string;
  /** Length of the video according to the file; null where the file does not say. */
  frames: number | null;
  /** Anomalous frames; ranges may end behind the video by a frame or two, as in the annotations of UCF-Crime. */
  intervals: FrameRange[];
  /** What kind of anomaly the video shows, also `Normal`; absent where the file does not say. */
  class?: string | null;
}
