// Plain data that leaves electron/media. Role: so that features, samples and tasks need not know node-av.

/** A grey (luma) picture, 8 bit, row-major; `data` is our own memory and stays valid. */
export interface GreyFrame {
  /** Presentation index of the frame in the video, 0-based. */
  index: number;
  data: Uint8Array;
}

/** A picture to encode: RGB, 8 bit, row-major, 3 bytes a pixel. */
export interface RgbFrame {
  /** Presentation time in milliseconds; for variable rate any ascending sequence. */
  timeMs: number;
  data: Uint8Array;
}
