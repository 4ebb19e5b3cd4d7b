// Reconstruction errors of labelled and unlabelled segments as a histogram. Role: what shows whether labels and errors
// agree. Limits: draws nothing.

export interface Histogram {
  /** `[bins + 1]`, ascending; the last bin holds its upper edge. */
  edges: number[];
  /** Segments with label 1, per bin. */
  labelled: number[];
  /** Segments with label 0, per bin. */
  unlabelled: number[];
}

/** @param values at least one, finite. @param labels 0 or 1, one per value. */
export function histogram(values: ArrayLike<number>, labels: ArrayLike<number>, bins: number): Histogram {
  const all = Array.from(values);
  const low = all.reduce((a, b) => Math.min(a, b));
  const high = all.reduce((a, b) => Math.max(a, b));
  // All equal: one bin of them, the others empty.
  const width = high > low ? (high - low) / bins : 1;
  const counts = { labelled: Array<number>(bins).fill(0), unlabelled: Array<number>(bins).fill(0) };
  for (const [i, value] of all.entries()) {
    const bin = Math.min(bins - 1, Math.floor((value - low) / width));
    counts[labels[i] === 1 ? 'labelled' : 'unlabelled'][bin]++;
  }
  return { edges: Array.from({ length: bins + 1 }, (_, i) => low + i * width), ...counts };
}
