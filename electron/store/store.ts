// The store of an open project: all entities over one connection.
// Role: puts the statement files together. Limits: opens and closes nothing; see open.ts.
import { artifactRecorder, artifactsReader } from './artifacts.ts';
import { auditReader, auditWriter } from './audit.ts';
import { detectionsReader, detectionsWriter } from './detections.ts';
import { drawsReader, drawsWriter } from './draws.ts';
import { featuresReader, featuresWriter } from './features.ts';
import { jobsReader, jobsWriter } from './jobs.ts';
import { labelsReader } from './labels.ts';
import { layersReader, layersWriter } from './layers.ts';
import type { ProjectPaths } from './paths.ts';
import { projectReader, projectWriter } from './project.ts';
import { reviewReader } from './review-rows.ts';
import { stepsReader, stepsWriter } from './review-steps.ts';
import { runsReader, runsWriter } from './runs.ts';
import { settingsReader, settingsWriter } from './settings.ts';
import { guarded, inTransaction, type ReadDb, translating, type WriteDb } from './sqlite.ts';
import { truthReader, truthWriter } from './truth.ts';
import { videosReader, videosWriter } from './videos.ts';

/** Everything that only reads. Works on either kind of handle. */
export function readEntities(db: ReadDb, paths: ProjectPaths) {
  const videos = videosReader(db);
  const labels = labelsReader(db);
  return {
    /** Absolute path of the project folder. */
    folder: paths.folder,
    artifactsFolder: paths.artifacts,
    exportsFolder: paths.exports,
    cacheFolder: paths.cache,
    project: guarded(projectReader(db, paths.folder)),
    videos: guarded(videos),
    features: guarded({
      ...featuresReader(db),
      /** Ready videos with footage that a set does not hold yet. */
      videosMissing: videos.withoutFeatures,
    }),
    detections: guarded(detectionsReader(db)),
    artifacts: guarded(artifactsReader(db)),
    runs: guarded({
      ...runsReader(db),
      /** Float32, one score per segment; null when the run does not hold the video. */
      scores: (runId: number, videoId: number) => labels.of(runId, videoId)?.scores ?? null,
      /** Uint8, one pseudo-label per segment; null when the run does not hold the video. */
      labels: (runId: number, videoId: number) => labels.of(runId, videoId)?.labels ?? null,
      /** Scores and labels of all videos of a run, in the order of their relative paths. */
      allScores: labels.all,
      /** Uncertainty of every segment; null where the method gives none. */
      uncertainty: labels.uncertainty,
      saysUncertainty: labels.saysUncertainty,
      /** Scores as the features count them, for metrics over frames, in the same order. */
      rawScores: labels.raw,
      /** Only the scores, with the frames and the camera of each video, in the same order. */
      scoresOfAll: labels.scores,
      /** Both of one video; null when the run does not hold it. */
      scored: labels.of,
    }),
    /** What people say: rows of the human and rule layers, steps to undo, the log. */
    review: guarded({ ...reviewReader(db), ...stepsReader(db), ...drawsReader(db) }),
    jobs: guarded(jobsReader(db)),
    truth: guarded(truthReader(db)),
    layers: guarded(layersReader(db)),
    settings: guarded(settingsReader(db)),
    audit: guarded(auditReader(db)),
  };
}

/** Reading and writing. One of these per project at a time: see lock.ts. */
export function writeEntities(db: WriteDb, paths: ProjectPaths) {
  const read = readEntities(db, paths);
  const record = artifactRecorder(db, paths.artifacts);
  return {
    ...read,
    project: { ...read.project, ...guarded(projectWriter(db)) },
    videos: { ...read.videos, ...guarded(videosWriter(db, paths.artifacts, record)) },
    features: { ...read.features, ...guarded(featuresWriter(db, record)) },
    detections: { ...read.detections, ...guarded(detectionsWriter(db, record)) },
    runs: { ...read.runs, ...guarded(runsWriter(db, record)) },
    jobs: { ...read.jobs, ...guarded(jobsWriter(db)) },
    review: { ...read.review, ...guarded({ ...stepsWriter(db), ...drawsWriter(db) }) },
    truth: { ...read.truth, ...guarded(truthWriter(db)) },
    layers: { ...read.layers, ...guarded(layersWriter(db)) },
    settings: { ...read.settings, ...guarded(settingsWriter(db)) },
    audit: { ...read.audit, ...guarded(auditWriter(db)) },
    /** Runs synchronous work in one transaction: all or nothing. Nested calls join the outer transaction. */
    transaction: <T>(work: () => T): T => translating(() => inTransaction(db, work)),
  };
}

export type ReadStore = ReturnType<typeof readEntities> & { close(): void };
export type Store = ReturnType<typeof writeEntities> & {
  /** What the opening noticed, as sentences for a person. */
  notes: string[];
  /** Makes a backup when the newest one is older than a day; returns its path or null. Runs in slices, writes go on. */
  backupIfDue(): Promise<string | null>;
  /** Ends cleanly: statistics, WAL written back, lock released. Calling it again does nothing. */
  close(): void;
};
