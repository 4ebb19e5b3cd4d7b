// Calls about what people say: edits, undo, log, labels in use.
// Role: who edits, and news to every face. Limits: what an edit means is in edits.ts, how it is kept in electron/store.
import { userInfo } from 'node:os';
import {
  type Editor,
  type ParsedInput,
  type Queue,
  queuePlace,
  type ReviewChange,
} from '../../../shared/contract/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { labelsInUse } from '../../store/labels-in-use.ts';
import type { Store } from '../../store/store.ts';
import type { Context, HandlersOf, OpenProject } from '../context.ts';
import { stepOf } from './edits.ts';
import { buildQueue, diffOf } from './queue.ts';

const REVIEWER = 'reviewer';

/** The name edits carry when they bring none: the project's reviewer, else the user of the system. */
export function reviewerOf(store: Store, by: Editor): string {
  const kept = store.settings.get(REVIEWER);
  return by.reviewer ?? (typeof kept === 'string' && kept !== '' ? kept : systemUser());
}

function systemUser(): string {
  try {
    return userInfo().username.slice(0, 80) || 'reviewer';
  } catch {
    return 'reviewer'; // a user without an entry in the system, as in containers
  }
}

const PLACE = 'review.place';
/** Methods that fit beside each other in the queue. */
const MOST_RUNS = 8;

const grouped = <T extends { videoId: number }>(rows: readonly T[]): Map<number, T[]> =>
  Map.groupBy(rows, (row) => row.videoId);

function queueOf({ store, scores }: OpenProject, input: ParsedInput<'review.queue'>): Queue {
  const { runId, settings, pass } = input;
  const done = store.runs.list().filter((run) => run.state === 'done');
  const chosen = done.find((run) => run.id === runId);
  if (!chosen) throw new AppError('not_found', 'This run has no scores to review.', { runId });
  const others = done.filter((run) => run.id !== runId).reverse();
  const against = others.find((run) => run.id === settings.filter.against);
  const runs = [chosen, ...(against ? [against] : []), ...others.filter((run) => run !== against)]
    .slice(0, MOST_RUNS)
    .map((run) => ({ id: run.id, rule: run.rule, scores: scores.of(run.id, settings.perCamera) }));
  const rule = input.rule ?? chosen.rule;
  return buildQueue({
    runId,
    rule,
    settings,
    runs,
    videos: new Map(
      store.videos.list().map((video) => [
        video.id,
        {
          id: video.id,
          relPath: video.relPath,
          camera: video.camera,
          frameSeconds: video.frames > 0 ? video.durationSeconds / video.frames : 0,
        },
      ]),
    ),
    human: grouped(store.review.all(pass)),
    // The second reviewer is blind to everything that was said before.
    ruleEvents: grouped(pass === 2 ? [] : store.review.ruleEvents(runId)),
    novelty: null,
    keep: (purpose, units, samples) => {
      const drawId = store.review.keepDraw({ runId, purpose, seed: settings.seed, rule, units }, samples);
      return store.review.samples(drawId);
    },
    limit: input.limit,
  });
}

export function reviewHandlers(context: Context): HandlersOf<'review'> {
  const told = (change: ReviewChange): ReviewChange => {
    context.emit('review.changed', change);
    return change;
  };
  return {
    'review.rows': ({ videoId, pass }) => {
      const { review } = context.opened().store;
      return videoId === null ? review.all(pass) : review.ofVideo(videoId, pass);
    },
    'review.state': ({ pass }) => context.opened().store.review.state(pass),
    'review.edit': ({ by, edit }) => {
      const { store } = context.opened();
      return told(
        store.transaction(() =>
          store.review.commit(stepOf(store, { ...by, reviewer: reviewerOf(store, by) }, edit)),
        ),
      );
    },
    'review.undo': ({ by }) => {
      const { store } = context.opened();
      return told(store.review.undo(by.pass, reviewerOf(store, by)));
    },
    'review.redo': ({ by }) => {
      const { store } = context.opened();
      return told(store.review.redo(by.pass, reviewerOf(store, by)));
    },
    'review.classes': () => context.opened().store.review.classes(),
    'review.rules': () => context.opened().store.review.rules(),
    'review.ruleEvents': ({ runId, videoId }) =>
      context.opened().store.review.ruleEvents(runId, videoId ?? undefined),
    'review.log': ({ limit, before }) =>
      context.opened().store.review.log(limit, before ?? Number.MAX_SAFE_INTEGER),
    'review.rowsAt': ({ at, videoId, pass }) => {
      const { rows } = context.opened().store.review.at(at, pass);
      return videoId === null ? rows : rows.filter((row) => row.videoId === videoId);
    },
    'review.labels': ({ runId, videoId, at }) => {
      const labels = labelsInUse(context.opened().store, runId, videoId, at);
      if (!labels)
        throw new AppError('not_found', 'This run has no scores for this video.', { runId, videoId });
      const { events, ignored, videoLabel } = labels;
      return { events, ignored, videoLabel };
    },
    'review.queue': (input) => queueOf(context.opened(), input),
    'review.place': () => {
      const kept = queuePlace.safeParse(context.opened().store.settings.get(PLACE));
      return kept.success ? kept.data : null; // one of an older version is no place any more
    },
    'review.setPlace': ({ place }) => {
      context.opened().store.settings.set(PLACE, place);
      return {};
    },
    'review.diff': ({ runId, against }) => {
      const { store, scores } = context.opened();
      const of = (id: number) => ({ rule: store.runs.get(id).rule, scores: scores.of(id, false) });
      return diffOf(of(runId), of(against), grouped(store.review.all(1)));
    },
    'review.reviewer': () => ({ reviewer: reviewerOf(context.opened().store, { reviewer: null, pass: 1 }) }),
    'review.setReviewer': ({ reviewer }) => {
      context.opened().store.settings.set(REVIEWER, reviewer);
      return {};
    },
  };
}
