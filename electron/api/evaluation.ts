// Frame-level metrics of a run against the ground truth of the project (methods.md 0.3, 0.4).
import { matchesGlob } from 'node:path/posix';
import type { Metrics } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { framesFromSegments, padLast, repeatSegments } from '../../shared/labels/expand.ts';
import { toVector } from '../../shared/labels/intervals.ts';
import { frameMetrics } from '../../shared/labels/metrics.ts';
import { smoothGaussian } from '../../shared/labels/smooth.ts';
import type { Store } from '../store/store.ts';

export interface EvaluationOptions {
  protocol: Metrics['protocol'];
  /** Path prefix or glob over relative paths (a part of the pool, for example the test clips); null: all. */
  only: string | null;
  /** Sigma of a Gaussian over the frame scores of each video, in frames (methods.md 0.7); 0: scores as they are. */
  smooth: number;
}

/**
 * @throws AppError `conflict` when no scored video has ground truth.
 */
export function evaluateRun(
  store: Store,
  runId: number,
  { protocol, only, smooth }: EvaluationOptions,
): Metrics {
  const scores: Float32Array[] = [];
  const smoothed = (frames: Float32Array): Float32Array =>
    smooth > 0 ? Float32Array.from(smoothGaussian(frames, [smooth])) : frames;
  const labels: Uint8Array[] = [];
  const offsets = [0];
  const sources = new Set<string>();
  let without = 0;
  for (const scored of store.runs.allScores(runId)) {
    const video = store.videos.get(scored.videoId);
    if (only !== null && !video.relPath.startsWith(only) && !matchesGlob(video.relPath, only)) continue;
    const truth = store.truth.get(video.id);
    if (truth === null) {
      without++;
      continue;
    }
    sources.add(truth.source);
    const vector = toVector(truth.intervals, video.frames);
    if (protocol === 'official') {
      const expanded = repeatSegments(scored.scores);
      scores.push(smoothed(expanded));
      labels.push(padLast(vector, expanded.length));
    } else {
      scores.push(smoothed(framesFromSegments(scored.scores, video.frames)));
      labels.push(vector);
    }
    offsets.push(offsets[offsets.length - 1] + labels[labels.length - 1].length);
  }
  if (scores.length === 0) {
    throw new AppError('conflict', 'No scored video has ground truth. Give a ground-truth file first.');
  }
  const { perVideoAuc: _, ...metrics } = frameMetrics(
    joined(labels, Uint8Array),
    joined(scores, Float32Array),
    offsets,
  );
  return {
    videos: scores.length,
    videosWithoutTruth: without,
    ...metrics,
    protocol,
    truth: [...sources].sort().join(', '),
  };
}

function joined<A extends Uint8Array | Float32Array>(parts: A[], type: new (length: number) => A): A {
  const whole = new type(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
