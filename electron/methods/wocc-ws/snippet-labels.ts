// Snippet labels for the weakly supervised model (Joint-VAD Eq 3; methods.md 3.4).
// Role: the highest scores become label 1, and the published clean-up of single snippets. Limits: plain numbers.

/** Snippets called anomalous at the start: ceil(R * N). The product is rounded first, so that 0.15 * 20 stays 3. */
export function firstCount(ratio: number, snippets: number): number {
  return Math.ceil(Number((ratio * snippets).toPrecision(12)));
}

/** Indices of the `count` highest scores, highest first, equal ones by lower index. */
export function highest(scores: ArrayLike<number>, count: number): Int32Array {
  return Int32Array.from({ length: scores.length }, (_, i) => i)
    .sort((a, b) => scores[b] - scores[a] || a - b)
    .subarray(0, Math.max(0, count));
}

/** Label 1 for the `count` highest scores, 0 for the rest. `[N]`. */
export function rankLabels(scores: ArrayLike<number>, count: number): Uint8Array {
  const labels = new Uint8Array(scores.length);
  for (const i of highest(scores, count)) labels[i] = 1;
  return labels;
}

/** `perVideo` is ours; `concatenated`, what the published code does, also reaches across the borders of videos. */
export type Cleanup = 'off' | 'concatenated' | 'perVideo';

/** The rule inside [start, end), in place and in ascending order, so that a change is seen by the snippets after it. */
function cleanRange(labels: Uint8Array, scores: Float64Array, start: number, end: number): void {
  for (let i = start + 2; i < end - 2; i++) {
    const own = labels[i];
    if (labels[i - 1] === labels[i + 1] && labels[i - 1] !== own) {
      labels[i] = labels[i - 1];
      scores[i] = (scores[i - 1] + scores[i + 1]) / 2;
    } else if (labels[i - 2] !== own && labels[i - 1] !== own && labels[i + 1] !== own) {
      labels[i] = labels[i - 1];
      scores[i] = scores[i - 1];
    }
  }
}

/**
 * Gives snippets that differ from their neighbours the label and score of these (methods.md 3.4).
 * @param offsets `[V + 1]`, in snippets. @returns new arrays.
 */
export function cleanLabels(
  labels: Uint8Array,
  scores: ArrayLike<number>,
  offsets: ArrayLike<number>,
  cleanup: Cleanup,
): { labels: Uint8Array; scores: Float64Array } {
  const result = { labels: labels.slice(), scores: Float64Array.from(scores) };
  if (cleanup === 'concatenated') cleanRange(result.labels, result.scores, 0, labels.length);
  if (cleanup === 'perVideo') {
    for (let v = 0; v + 1 < offsets.length; v++)
      cleanRange(result.labels, result.scores, offsets[v], offsets[v + 1]);
  }
  return result;
}
