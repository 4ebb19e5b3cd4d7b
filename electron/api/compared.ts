// How several runs see each video. Role: highest and mean score by each, and how far they are apart, for orders of lists.
// Limits: the page asks when such an order is chosen; nothing is stored.
import type { Output, ParsedInput } from '../../shared/contract/index.ts';
import { eventsOf } from '../../shared/labels/events.ts';
import { disagreement } from '../../shared/labels/progress.ts';
import { ruleOf } from '../../shared/labels/rules.ts';
import type { FrameRange } from '../../shared/labels/types.ts';
import type { OpenProject } from './context.ts';
import { runsBeside } from './review/open-queue.ts';

/** @throws AppError `not_found` for a run without scores */
export function comparedVideos(
  { store, scores }: OpenProject,
  { runId, perCamera }: ParsedInput<'videos.compared'>,
): Output<'videos.compared'> {
  const runs = runsBeside(store, runId, null);
  const summaries = runs.map((run) => scores.summaries(run.id, run, perCamera));
  const events = new Map<number, { frames: number; runs: FrameRange[][] }>();
  for (const run of runs) {
    // Labels go by the scores as they are, whatever is shown.
    const of = ruleOf(run);
    for (const video of scores.of(run.id, false)) {
      const known = events.get(video.videoId) ?? { frames: video.frames, runs: [] };
      known.runs.push(eventsOf(video.scores, video.frames, of(video)));
      events.set(video.videoId, known);
    }
  }
  return {
    runs: runs.map((run) => run.id),
    videos: [...events].map(([videoId, seen]) => ({
      videoId,
      max: summaries.map((of) => of.get(videoId)?.max ?? null),
      mean: summaries.map((of) => of.get(videoId)?.mean ?? null),
      disagreement: disagreement(seen.runs, seen.frames),
    })),
  };
}
