// Scores and pseudo-labels of runs: dense blobs for the product, one row per segment for people with a SQLite shell.
// Role: statements of `run_videos` and `segment_labels`. Limits: both say the same and are written together, once.
import { AppError } from '../../shared/errors.ts';
import { segmentsFromShares } from '../../shared/labels/shares.ts';
import { SEGMENT_FRAMES, type Segmentation } from '../../shared/labels/types.ts';
import type { TrainResult } from '../tasks/protocol.ts';
import type { ReadDb, WriteDb } from './sqlite.ts';

/** What a run says about one video, per segment of 16 frames, whatever its features count (shared/labels/shares.ts). */
export interface VideoLabels {
  videoId: number;
  /** Name of its camera, null where not known. */
  camera: string | null;
  /** Frames of the video, for clipping the last segment and for events. */
  frames: number;
  /** One per segment. */
  scores: Float32Array;
  /** One pseudo-label (0 or 1) per segment. */
  labels: Uint8Array;
  /** Coarse label of the whole video, null where the method has none. */
  videoLabel: number | null;
}

/** The scores of a run over one video, with what is needed to make events of them. */
export type VideoScores = Pick<VideoLabels, 'videoId' | 'camera' | 'frames' | 'scores'>;

/** The scores of a run over one video as its features count them. */
export type RawScores = Pick<VideoLabels, 'videoId' | 'frames' | 'scores'> & { segmentation: Segmentation };

type ScoreRow = Omit<VideoScores, 'scores'> & { scores: Buffer; segmentation: Segmentation };

interface LabelRow {
  videoId: number;
  camera: string | null;
  frames: number;
  scores: Buffer;
  labels: Buffer;
  videoLabel: number | null;
  segmentation: Segmentation;
}

/** Little-endian float32 bytes as numbers; copied, because a Buffer may start anywhere and typed arrays need alignment. */
function floats(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

function bytesOf(numbers: Float32Array | Uint8Array): Buffer {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

/** Values as they are stored, brought to segments of 16 frames. */
const perSegment = <A extends Float32Array | Uint8Array>(
  values: A,
  { frames, segmentation }: { frames: number; segmentation: Segmentation },
): A => (segmentation === 'shares' && values.length > 0 ? segmentsFromShares(values, frames) : values);

const fromRow = ({ segmentation, ...row }: LabelRow): VideoLabels => ({
  ...row,
  scores: perSegment(floats(row.scores), { ...row, segmentation }),
  labels: perSegment(Uint8Array.from(row.labels), { ...row, segmentation }),
});

const FROM = `
    FROM run_videos AS x JOIN videos AS v ON v.id = x.video_id JOIN runs AS r ON r.id = x.run_id
      JOIN feature_sets AS s ON s.id = r.feature_set_id`;

export function labelsReader(db: ReadDb) {
  const columns = `
    SELECT x.video_id AS videoId, v.camera, v.frames, x.scores, x.labels, x.video_label AS videoLabel, s.segmentation
    ${FROM}`;
  const all = db.prepare<{ runId: number }, LabelRow>(
    `${columns} WHERE x.run_id = @runId ORDER BY v.rel_path`,
  );
  const scores = db.prepare<{ runId: number }, ScoreRow>(`
    SELECT x.video_id AS videoId, v.frames, v.camera, x.scores, s.segmentation ${FROM} WHERE x.run_id = @runId ORDER BY v.rel_path`);
  const one = db.prepare<{ runId: number; videoId: number }, LabelRow>(
    `${columns} WHERE x.run_id = @runId AND x.video_id = @videoId`,
  );
  const unsure = db.prepare<{ runId: number; videoId: number }, { uncertainty: number | null }>(`
    SELECT uncertainty FROM segment_labels WHERE run_id = @runId AND video_id = @videoId ORDER BY segment`);
  const saysUnsure = db.prepare<{ runId: number }, { uncertainty: number | null }>(
    'SELECT uncertainty FROM segment_labels WHERE run_id = @runId LIMIT 1',
  );
  const countedAs = db.prepare<
    { runId: number; videoId: number },
    { frames: number; segmentation: Segmentation }
  >(`
    SELECT v.frames, s.segmentation ${FROM} WHERE x.run_id = @runId AND x.video_id = @videoId`);
  const uncertainty = (runId: number, videoId: number): Float32Array | null => {
    const rows = unsure.all({ runId, videoId });
    const counted = countedAs.get({ runId, videoId });
    return counted && rows.length > 0 && rows[0].uncertainty !== null
      ? perSegment(
          Float32Array.from(rows, (row) => row.uncertainty ?? 0),
          counted,
        )
      : null;
  };
  return {
    /** What a run says about one video; null when it does not hold the video (yet). */
    of(runId: number, videoId: number): VideoLabels | null {
      const row = one.get({ runId, videoId });
      return row ? fromRow(row) : null;
    },
    /** The same for all videos of a run, in the order of their relative paths. */
    all: (runId: number): VideoLabels[] => all.all({ runId }).map(fromRow),
    /** Uncertainty of every segment; null where the method gives none. */
    uncertainty,
    /** Whether the method of a run says how unsure it is; one that does says it of every segment. */
    saysUncertainty: (runId: number): boolean => (saysUnsure.get({ runId })?.uncertainty ?? null) !== null,
    /** Only the scores of all videos of a run, in the same order. */
    scores: (runId: number): VideoScores[] =>
      scores.all({ runId }).map(({ segmentation, ...row }) => ({
        ...row,
        scores: perSegment(floats(row.scores), { ...row, segmentation }),
      })),
    /** The scores as the features of the run count them, in the same order: for metrics, which count frames. */
    raw: (runId: number): RawScores[] =>
      scores.all({ runId }).map((row) => ({ ...row, scores: floats(row.scores) })),
  };
}

interface Expected {
  videoId: number;
  relPath: string;
  frames: number;
  segments: number;
  segmentation: Segmentation;
}

/** SQL of the frame at which a vector of a video starts. Numbers that are bound are REAL until they are cast. */
const BOUND = (key: string): string => `CASE @segmentation
      WHEN 'shares' THEN CAST(${key} * @frames + @segments - 1 AS INTEGER) / CAST(@segments AS INTEGER)
      ELSE min(${SEGMENT_FRAMES} * ${key}, @frames) END`;

/**
 * Returns the function that writes the results of a run; to be called inside a transaction.
 * @throws AppError `damaged` when a result does not fit the features it was computed from or is not finite: such scores
 * must not reach the database.
 */
export function labelsWriter(db: WriteDb) {
  const expected = db.prepare<{ runId: number }, Expected>(`
    SELECT f.video_id AS videoId, v.rel_path AS relPath, v.frames, f.segments, s.segmentation
    FROM runs AS r JOIN feature_sets AS s ON s.id = r.feature_set_id JOIN features AS f ON f.set_id = s.id
      JOIN videos AS v ON v.id = f.video_id
    WHERE r.id = @runId`);
  const putVideo = db.prepare<{
    runId: number;
    videoId: number;
    segments: number;
    videoLabel: number | null;
    scores: Buffer;
    labels: Buffer;
  }>(`
    INSERT INTO run_videos (run_id, video_id, segments, video_label, scores, labels)
    VALUES (@runId, @videoId, @segments, @videoLabel, @scores, @labels)`);
  // One statement per video instead of one per segment: half the time for a million rows. The scores travel as a JSON
  // array, whose numbers come back exactly, and the labels as ASCII digits (a blob: substr finds its place at once).
  const putSegments = db.prepare<{
    runId: number;
    videoId: number;
    frames: number;
    segments: number;
    segmentation: Segmentation;
    scores: string;
    digits: Buffer;
    uncertainty: string | null;
  }>(`
    INSERT INTO segment_labels (run_id, video_id, segment, start_frame, end_frame, score, label, uncertainty)
    SELECT @runId, @videoId, s.key, ${BOUND('s.key')}, ${BOUND('(s.key + 1)')},
      s.value, CAST(substr(@digits, s.key + 1, 1) AS INTEGER), u.value
    FROM json_each(@scores) AS s LEFT JOIN json_each(@uncertainty) AS u ON u.key = s.key`);

  return (runId: number, videos: TrainResult['videos']): void => {
    const byId = new Map(expected.all({ runId }).map((row) => [row.videoId, row]));
    for (const { videoId, videoLabel, scores, labels, uncertainty } of videos) {
      const video = byId.get(videoId);
      // A video removed (or imported anew) while the run was training: its scores have nowhere to go.
      if (!video) continue;
      const { segments, relPath } = video;
      const wrong = (what: string) =>
        new AppError(
          'damaged',
          `The results for ${relPath} ${what}. Nothing of this run was stored; train it again.`,
          {
            runId,
            videoId,
          },
        );
      if (scores.length !== segments || labels.length !== segments) {
        throw wrong(`hold ${scores.length} scores and ${labels.length} labels for ${segments} segments`);
      }
      const bad = scores.findIndex((score) => !Number.isFinite(score));
      if (bad >= 0) throw wrong(`hold a score that is not a number at segment ${bad}`);
      if (
        uncertainty &&
        (uncertainty.length !== segments || uncertainty.some((u) => !(u >= 0 && u < Infinity)))
      ) {
        throw wrong('hold an uncertainty that is missing, negative or not a number');
      }
      if (labels.some((label) => label > 1)) throw wrong('hold a label that is neither 0 nor 1');
      putVideo.run({
        runId,
        videoId,
        segments,
        videoLabel,
        scores: bytesOf(scores),
        labels: bytesOf(labels),
      });
      putSegments.run({
        runId,
        videoId,
        frames: video.frames,
        segments,
        segmentation: video.segmentation,
        scores: JSON.stringify(Array.from(scores)),
        digits: Buffer.from(Array.from(labels).join('')),
        uncertainty: uncertainty && JSON.stringify(Array.from(uncertainty)),
      });
    }
  };
}

/** A query for the sqlite3 shell that shows the segments with the highest scores of a run; for printing, not for running. */
export function shellQuery(runId: number): string {
  return `SELECT video, segment, score, label FROM pseudo_labels WHERE run_id = ${runId} ORDER BY score DESC LIMIT 10`;
}
