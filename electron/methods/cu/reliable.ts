// Reliable clips: which pseudo-labels train the classifier (CU-Net section 3.3; methods.md 4.4).
// Role: the least uncertain share of each video. Limits: knows no labels.

export interface Reliable {
  /** Clips kept per video, `[V]`: max(1, ratio * T rounded half up). */
  counts: Int32Array;
  /** Kept clips as indices into all clips, video after video, each ascending in uncertainty, ties by index. */
  order: Int32Array;
  /** 1 = kept, `[M]`. */
  mask: Uint8Array;
}

/**
 * @param uncertainty of all clips, `[M]`; any other key serves as well, for example random numbers.
 * @param offsets video v owns clips [offsets[v], offsets[v + 1]); a video without clips keeps none.
 * @param ratio share R of each video, in (0, 1].
 */
export function reliableClips(
  uncertainty: ArrayLike<number>,
  offsets: ArrayLike<number>,
  ratio: number,
): Reliable {
  const videos = offsets.length - 1;
  const counts = new Int32Array(videos);
  const order: number[] = [];
  const mask = new Uint8Array(uncertainty.length);
  for (let v = 0; v < videos; v++) {
    const clips = Array.from({ length: offsets[v + 1] - offsets[v] }, (_, t) => offsets[v] + t);
    counts[v] = Math.min(clips.length, Math.max(1, Math.floor(ratio * clips.length + 0.5)));
    clips.sort((a, b) => uncertainty[a] - uncertainty[b] || a - b);
    for (const clip of clips.slice(0, counts[v])) {
      order.push(clip);
      mask[clip] = 1;
    }
  }
  return { counts, order: Int32Array.from(order), mask };
}
