// Bulk data of the open video: frame table, scores, pseudo-labels. Role: fetched once by URL, kept by the query cache.
// Limits: a missing resource is null; what does not fit its format is an error with a sentence.
import { type QueryClient, type UseQueryResult, useQueries, useQuery } from '@tanstack/react-query';
import { resourceUrl, type VideoRow } from '../../../shared/contract/index.ts';
import { AppError, toErrorData } from '../../../shared/errors.ts';
import {
  decodeFrameTable,
  type FrameTable,
  sameFrames,
  sameNumbers,
} from '../../../shared/labels/frame-table.ts';
import { fromVector } from '../../../shared/labels/intervals.ts';
import { scoredRange } from '../../../shared/labels/segments.ts';
import type { FrameRange } from '../../../shared/labels/types.ts';
import { buildPyramid, type Pyramid } from '../../canvas/pyramid.ts';

/** Bytes of a resource, null when the engine has none. @throws AppError when it cannot be read. */
export async function fetchBytes(url: string): Promise<Uint8Array<ArrayBuffer> | null> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw new AppError(
      'unavailable',
      'The engine does not answer. Nothing saved is lost; try again.',
      { url },
      cause,
    );
  }
  if (response.status === 404) return null;
  if (!response.ok) {
    throw new AppError(
      'unavailable',
      `Data of this video could not be read (HTTP ${response.status}). Try again.`,
      { url },
    );
  }
  return new Uint8Array(await response.arrayBuffer());
}

/** Scores [T] from their wire form. @throws AppError `damaged` for half a number, or a value that is none. */
export function decodeScores(bytes: Uint8Array<ArrayBuffer>): Float32Array {
  if (bytes.byteLength % 4 !== 0)
    throw new AppError('damaged', 'The stored scores of this video are cut off. Train again.');
  const scores = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  if (scores.some(Number.isNaN))
    throw new AppError('damaged', 'The stored scores hold values that are no numbers. Train again.');
  return scores;
}

/** Frames of the segments with pseudo-label 1; the last segment reaches to the end of the video. */
export function labelledRanges(labels: Uint8Array, frames: number): FrameRange[] {
  return fromVector(labels).map(({ start, end }) => ({
    start: scoredRange(start, labels.length, frames).start,
    end: scoredRange(end - 1, labels.length, frames).end,
  }));
}

/** Bulk data does not become stale by itself; a project that was closed takes its queries along. */
const lasting = { gcTime: 120_000, structuralSharing: false } as const;

/** `now`, or `before` where that says the same: what hangs on the object lives on when all is read again. */
const kept =
  <T>(same: (before: T, now: T) => boolean) =>
  (before: unknown, now: unknown): unknown =>
    before && now && same(before as T, now as T) ? before : now;

const framesQuery = (videoId: number) => ({
  queryKey: ['frames', videoId],
  queryFn: async (): Promise<FrameTable | null> => {
    const bytes = await fetchBytes(resourceUrl.frames(videoId));
    return bytes && decodeFrameTable(bytes);
  },
  ...lasting,
  // Player, view and selection are of one frame table; an engine that was away must not take them along.
  structuralSharing: kept(sameFrames),
});

/** The frame table of a video; null when it has none. @param there false when that is known already. */
export const useFrameTable = (videoId: number, there: boolean): UseQueryResult<FrameTable | null> =>
  useQuery({ ...framesQuery(videoId), ...(!there && { initialData: null, enabled: false }) });

export interface ScoreCurve {
  runId: number;
  /** One per segment, [T]. */
  scores: Float32Array;
  pyramid: Pyramid;
}

/** Scores that no run has by itself. */
export type JointCurve = Pick<ScoreCurve, 'scores' | 'pyramid'>;

const scoresQuery = (runId: number, videoId: number, perCamera: boolean) => ({
  queryKey: ['scores', runId, videoId, perCamera],
  queryFn: async (): Promise<ScoreCurve | null> => {
    // A video without a camera is as it is.
    const beside = perCamera ? await fetchBytes(resourceUrl.cameraScores(runId, videoId)) : null;
    const bytes = beside ?? (await fetchBytes(resourceUrl.scores(runId, videoId)));
    const scores = bytes && decodeScores(bytes);
    return scores && scores.length > 0 ? { runId, scores, pyramid: buildPyramid(scores) } : null;
  },
  ...lasting,
  structuralSharing: kept<ScoreCurve>((before, now) => sameNumbers(before.scores, now.scores)),
});

export interface Curves {
  pending: boolean;
  /** Curves of the runs that have this video, in the order of the runs. */
  curves: ScoreCurve[];
  /** The first thing that went wrong, in a sentence. */
  problem: string | null;
}

/** The scores of several runs over one video, or beside the level of its camera; runs without this video are left out. */
export const useCurves = (runIds: readonly number[], videoId: number, perCamera: boolean): Curves =>
  useQueries({
    queries: runIds.map((runId) => scoresQuery(runId, videoId, perCamera)),
    combine: combineCurves,
  });

/** Bulk data of a video before it is opened, so that going there shows it at once. @returns its frame table */
export function prefetchVideo(
  queries: QueryClient,
  runIds: readonly number[],
  { id, frames }: Pick<VideoRow, 'id' | 'frames'>,
  perCamera: boolean,
): Promise<FrameTable | null> {
  for (const runId of runIds) void queries.prefetchQuery(scoresQuery(runId, id, perCamera));
  if (runIds.length > 0) void queries.prefetchQuery(labelsQuery(runIds[0], id, frames));
  return queries.fetchQuery({ ...framesQuery(id), staleTime: Number.POSITIVE_INFINITY });
}

function combineCurves(results: UseQueryResult<ScoreCurve | null>[]): Curves {
  const failed = results.find((result) => result.error);
  return {
    pending: results.some((result) => result.isPending),
    curves: results.map((result) => result.data).filter((curve) => curve !== null && curve !== undefined),
    problem: failed ? toErrorData(failed.error).message : null,
  };
}

const labelsQuery = (runId: number, videoId: number, frames: number) => ({
  queryKey: ['labels', runId, videoId, frames],
  queryFn: async (): Promise<FrameRange[] | null> => {
    const bytes = await fetchBytes(resourceUrl.labels(runId, videoId));
    return bytes && labelledRanges(bytes, frames);
  },
  ...lasting,
});

/** Pseudo-labels of a run over a video as frame ranges; null when there are none, or for 0 frames. */
export const useLabels = (runId: number, videoId: number, frames: number): FrameRange[] | null =>
  useQuery({ ...labelsQuery(runId, videoId, frames), enabled: frames > 0 }).data ?? null;
