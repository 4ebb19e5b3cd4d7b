// Context features of the classifier: a clip beside the mean of the clips before it (CU-Net section 3.3; methods.md 4.5).
// Role: one crop of one clip at a time, straight into a batch, so that no second copy of all features is held.
// Limits: the past only, as published.
import type { VideoFeatures } from '../../features/types.ts';

/**
 * Writes `[2 * dim]` numbers: the feature, then the mean of the previous `window` clips of the same crop. Near the start
 * the mean is over those there are; the first clip stands for its own past.
 * @param at where in `target`.
 */
export function writeContext(
  { data, crops, dim }: Pick<VideoFeatures, 'data' | 'crops' | 'dim'>,
  clip: number,
  crop: number,
  window: number,
  target: Float32Array,
  at: number,
): void {
  const own = (clip * crops + crop) * dim;
  target.set(data.subarray(own, own + dim), at);
  const past = at + dim;
  const count = Math.min(window, clip);
  if (count === 0) {
    target.copyWithin(past, at, at + dim);
    return;
  }
  target.fill(0, past, past + dim);
  for (let t = clip - count; t < clip; t++) {
    const row = (t * crops + crop) * dim;
    for (let d = 0; d < dim; d++) target[past + d] += data[row + d];
  }
  for (let d = 0; d < dim; d++) target[past + d] /= count;
}
