// Scores of a run as probabilities, from the reviewed random samples of the project.
// Role: which samples a fit stands on, and how well it holds on samples it did not see. Limits: the fits themselves are
// shared/quality/calibration.ts'; they pool all cameras.
import type { CalibrationReport } from '../../../shared/contract/index.ts';
import {
  type Calibration,
  type CalibrationKind,
  calibrate,
  probabilitiesOf,
  probabilityOf,
  reliability,
} from '../../../shared/quality/calibration.ts';
import { sampledUnits } from '../../../shared/quality/draws.ts';
import { type WeightedSegment, weightedSegments } from '../../../shared/quality/estimate.ts';
import { csvText } from '../../formats/csv.ts';
import { type ExportedFile, fileStems, textFile } from '../../formats/data.ts';
import { writeNpy } from '../../formats/npy.ts';
import type { OpenProject } from '../context.ts';
import { knownDraws } from './draws.ts';

const FOLDS = 5;
const CURVE_POINTS = 101;

/** Decided segments of random samples with their scores in a run. */
export function reviewedSegments(
  project: OpenProject,
  runId: number,
  { draws } = knownDraws(project),
): { segments: WeightedSegment[]; units: number } {
  const scores = new Map(project.scores.of(runId, false).map((video) => [video.videoId, video.scores]));
  const { units } = sampledUnits(draws, (videoId, k) => scores.get(videoId)?.[k] ?? null);
  const held = units.filter((unit) => (unit.segments?.scores.length ?? 0) > 0);
  return { segments: weightedSegments(held), units: held.length };
}

/**
 * The calibration of a run: what `probabilitiesOf` (shared/quality/calibration.ts) needs to turn its scores into
 * probabilities, for exports as for the page.
 * @throws AppError `conflict` while there are not enough reviewed samples
 */
export function calibrationOf(project: OpenProject, runId: number, kind: CalibrationKind): Calibration {
  const { segments, units } = reviewedSegments(project, runId);
  return calibrate(kind, segments, units);
}

/** The report behind `quality.calibration`. @throws as `calibrationOf` */
export function calibrationReport(
  project: OpenProject,
  runId: number,
  kind: CalibrationKind,
): CalibrationReport {
  const { segments, units } = reviewedSegments(project, runId);
  const calibration = calibrate(kind, segments, units);
  const held = new Map<WeightedSegment, number>();
  for (let fold = 0; fold < FOLDS; fold++) {
    const seen = segments.filter(({ unit }) => unit % FOLDS !== fold);
    // Few samples of one kind may all be in the part that is left out: then nothing is said about that part.
    if (seen.every((segment) => segment.anomalous === seen[0].anomalous)) continue;
    const fit = calibrate(kind, seen, units);
    for (const segment of segments)
      if (segment.unit % FOLDS === fold) held.set(segment, probabilityOf(fit, segment.score));
  }
  const tested = [...held.keys()];
  const holds = (rows: readonly WeightedSegment[], predicted: (row: WeightedSegment) => number) =>
    reliability(
      rows.map(predicted),
      rows.map((row) => row.anomalous),
      rows.map((row) => row.weight),
    );
  const scores = project.scores.of(runId, false);
  let [low, high] = [0, 1];
  for (const video of scores)
    for (const score of video.scores) [low, high] = [Math.min(low, score), Math.max(high, score)];
  return {
    runId,
    calibration,
    curve: Array.from({ length: CURVE_POINTS }, (_, i): [number, number] => {
      const score = low + ((high - low) * i) / (CURVE_POINTS - 1);
      return [score, probabilityOf(calibration, score)];
    }),
    before: holds(segments, (row) => row.score),
    after: holds(tested, (row) => held.get(row) ?? 0),
  };
}

/** `probabilities.csv`, one `.npy` of float32 per video, and the calibration itself. @throws as `calibrationOf` */
export function* probabilityFiles(
  project: OpenProject,
  runId: number,
  kind: CalibrationKind,
): Generator<ExportedFile> {
  const { store } = project;
  const calibration = calibrationOf(project, runId, kind);
  const { id, name } = store.runs.get(runId);
  const videos = project.scores
    .of(runId, false)
    .map((video) => ({ ...video, relPath: store.videos.get(video.videoId).relPath }));
  const stems = fileStems(videos);
  const rows = videos.map(({ relPath, scores, frames }) => {
    const probabilities = probabilitiesOf(calibration, scores);
    return Array.from(scores, (score, segment) => ({
      video: relPath,
      segment,
      start_frame: Math.min(16 * segment, frames),
      end_frame_excl: Math.min(16 * segment + 16, frames),
      score,
      probability: probabilities[segment],
    }));
  });
  const columns = ['video', 'segment', 'start_frame', 'end_frame_excl', 'score', 'probability'];
  yield textFile('probabilities.csv', csvText(columns, rows));
  yield textFile(
    'calibration.json',
    `${JSON.stringify({ run: { id, name }, reviewedSamples: calibration.n, ...calibration }, null, 2)}\n`,
  );
  for (const [i, { scores }] of videos.entries()) {
    const bytes = writeNpy(probabilitiesOf(calibration, scores), [scores.length], 'f4');
    yield { name: `probability/${stems[i]}.npy`, bytes };
  }
}
