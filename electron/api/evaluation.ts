// A run against the ground truth of the project (methods.md 0.3, 0.4).
// Role: which videos and frames count under a protocol; the measures themselves are shared/labels/evaluate.ts'.
import { matchesGlob } from 'node:path/posix';
import type { EvaluationReport, Metrics, ParsedInput } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { type EvaluatedVideo, evaluate, sliceOf } from '../../shared/labels/evaluate.ts';
import { eventsOf } from '../../shared/labels/events.ts';
import { framesFromSegments, padLast, repeatSegments } from '../../shared/labels/expand.ts';
import { clip, normalize, subtract, toVector } from '../../shared/labels/intervals.ts';
import { ruleOf } from '../../shared/labels/rules.ts';
import { framesFromShares, officialFrames } from '../../shared/labels/shares.ts';
import { smoothGaussian } from '../../shared/labels/smooth.ts';
import { type FrameRange, SEGMENT_FRAMES } from '../../shared/labels/types.ts';
import type { Store } from '../store/store.ts';

export type EvaluationOptions = Omit<ParsedInput<'runs.evaluate'>, 'id'>;

interface Collected {
  videos: EvaluatedVideo[];
  without: number;
  truth: string;
  ignoredFrames: number;
}

const folderOf = (relPath: string): string => relPath.slice(0, Math.max(0, relPath.lastIndexOf('/')));

/** Ranges that people said must not count, by video. */
function ignoredRanges(store: Store): Map<number, FrameRange[]> {
  const rows = store.review.all(1).filter((row) => row.kind === 'ignore');
  return new Map(
    [...Map.groupBy(rows, (row) => row.videoId)].map(([videoId, own]) => [videoId, normalize(own)]),
  );
}

/** What is left of values when the ignored frames are taken out. */
function without<A extends Uint8Array | Float32Array>(values: A, ignored: readonly FrameRange[]): A {
  const kept = subtract([{ start: 0, end: values.length }], clip(ignored, 0, values.length));
  const out = values.slice(
    0,
    kept.reduce((sum, { start, end }) => sum + end - start, 0),
  ) as A;
  let at = 0;
  for (const { start, end } of kept) {
    out.set(values.subarray(start, end), at);
    at += end - start;
  }
  return out;
}

/** @throws AppError `conflict` when no scored video has ground truth. */
function collect(
  store: Store,
  runId: number,
  { protocol, tail, only, smooth }: EvaluationOptions,
): Collected {
  const run = store.runs.get(runId);
  const { featureSetId } = run;
  const of = ruleOf(run);
  const truths = new Map(store.truth.all().map((truth) => [truth.videoId, truth]));
  const known = new Map(store.videos.list().map((video) => [video.id, video]));
  const ignored = ignoredRanges(store);
  const shares =
    store.features.set(featureSetId).segmentation === 'shares'
      ? new Map(store.runs.rawScores(runId).map(({ videoId, scores }) => [videoId, scores]))
      : null;
  const sources = new Set<string>();
  const videos: EvaluatedVideo[] = [];
  let [missing, ignoredFrames] = [0, 0];
  for (const scored of store.runs.scoresOfAll(runId)) {
    const { videoId, scores: segments, frames } = scored;
    const video = known.get(videoId);
    if (!video) continue;
    if (only !== null && !video.relPath.startsWith(only) && !matchesGlob(video.relPath, only)) continue;
    const truth = truths.get(videoId);
    if (!truth) {
      missing++;
      continue;
    }
    sources.add(truth.source);
    const found = eventsOf(segments, frames, of(scored));
    const vector = toVector(truth.intervals, frames);
    const predicted = toVector(found, frames);
    const official = SEGMENT_FRAMES * segments.length;
    // The frames of the protocol: n, 16T, or those that are in both.
    const own = shares?.get(videoId);
    const length =
      protocol === 'trimmed' || own ? frames : tail === 'cut' ? Math.min(frames, official) : official;
    const sized = (values: Uint8Array, end: 'last' | 'zeros'): Uint8Array => {
      if (end === 'last') return padLast(values, length);
      const out = new Uint8Array(length);
      out.set(values.subarray(0, length));
      return out;
    };
    const repeated = own
      ? (protocol === 'official' ? officialFrames : framesFromShares)(own, frames)
      : protocol === 'trimmed'
        ? framesFromSegments(segments, frames)
        : repeatSegments(segments).subarray(0, length);
    const smoothed = smooth > 0 ? Float32Array.from(smoothGaussian(repeated, [smooth])) : repeated;
    const skip = ignored.get(videoId) ?? [];
    const labels = without(sized(vector, tail === 'zeros' ? 'zeros' : 'last'), skip);
    ignoredFrames += length - labels.length;
    videos.push({
      id: videoId,
      name: video.relPath,
      camera: video.camera,
      folder: folderOf(video.relPath),
      class: truth.class,
      seconds: video.durationSeconds,
      labels,
      scores: without(smoothed, skip),
      predicted: without(sized(predicted, 'last'), skip),
      found: found.filter((event) => subtract([event], skip).length > 0),
      truth: truth.intervals.filter((range) => subtract([range], skip).length > 0),
    });
  }
  if (videos.length === 0) {
    if (only !== null && missing === 0)
      throw new AppError(
        'bad_input',
        `No scored video is in "${only}": it is compared with paths as "videos" lists them.`,
      );
    throw new AppError('conflict', 'No scored video has ground truth. Give a ground-truth file first.');
  }
  return { videos, without: missing, truth: [...sources].sort().join(', '), ignoredFrames };
}

const summary = (
  { videos, without: missing, truth }: Collected,
  { protocol, tail }: EvaluationOptions,
): Metrics => {
  const { frames, anomalousFrames, microAuc, macroAuc, stepAp, trapezoidPrAuc } = sliceOf('all', videos);
  return {
    videos: videos.length,
    videosWithoutTruth: missing,
    frames,
    anomalousFrames,
    microAuc,
    macroAuc,
    stepAp,
    trapezoidPrAuc,
    protocol,
    tail,
    truth,
  };
};

/**
 * The measures that are kept with a run.
 * @throws AppError `conflict` when no scored video has ground truth.
 */
export function evaluateRun(store: Store, runId: number, options: EvaluationOptions): Metrics {
  return summary(collect(store, runId, options), options);
}

/** Everything that is said about a run. @throws AppError as `evaluateRun` */
export function evaluationReport(store: Store, runId: number, options: EvaluationOptions): EvaluationReport {
  const collected = collect(store, runId, options);
  const { id, name, method, rule } = store.runs.get(runId);
  return {
    run: { id, name, method },
    rule,
    ...options,
    truth: collected.truth,
    videosWithoutTruth: collected.without,
    ignoredFrames: collected.ignoredFrames,
    ...evaluate(collected.videos),
  };
}
