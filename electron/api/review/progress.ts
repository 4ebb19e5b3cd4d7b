// How far the review of each video has come. Role: counts for the videos somebody said something about. Limits: of all
// others nothing is decided; their events are in the list of videos.
import type { ParsedInput, VideoProgress } from '../../../shared/contract/index.ts';
import { eventsOf } from '../../../shared/labels/events.ts';
import { progressOf } from '../../../shared/labels/progress.ts';
import { ruleOf } from '../../../shared/labels/rules.ts';
import type { OpenProject } from '../context.ts';
import { grouped } from './open-queue.ts';

/** @throws AppError `not_found` for an unknown run */
export function progressNow(
  { store, scores }: OpenProject,
  { runId, perCamera, pass }: ParsedInput<'review.progress'>,
): VideoProgress[] {
  const of = ruleOf(store.runs.get(runId));
  const human = grouped(store.review.all(pass));
  // The second reviewer is blind to everything that was said before.
  const byRule = grouped(pass === 2 ? [] : store.review.ruleEvents(runId));
  return scores.of(runId, perCamera).flatMap((video) => {
    const { videoId, frames } = video;
    const [said, ruled] = [human.get(videoId), byRule.get(videoId)];
    if (!said && !ruled) return [];
    const model = eventsOf(video.scores, frames, of(video));
    return [{ videoId, ...progressOf({ model, rule: ruled ?? [], human: said ?? [] }, frames) }];
  });
}
