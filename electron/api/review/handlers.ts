// Calls about what people say: edits, undo, log, labels in use, queue, comparison of runs and reviewers.
// Role: the table of calls, and news to every face. Limits: each call's work is in a module of its own.
import { queuePlace, type ReviewChange } from '../../../shared/contract/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { ruleOf } from '../../../shared/labels/rules.ts';
import { labelsInUse, ruleEventsAt } from '../../store/labels-in-use.ts';
import type { Context, HandlersOf } from '../context.ts';
import { agreementNow } from './agreement.ts';
import { applyRule } from './apply-rule.ts';
import { stepOf } from './edits.ts';
import { grouped, queueOf } from './open-queue.ts';
import { progressNow } from './progress.ts';
import { diffOf } from './queue.ts';
import { sinceThen } from './restore.ts';
import { keepReviewer, reviewerOf } from './reviewer.ts';
import { noveltyOf, similarTo } from './similar.ts';

const PLACE = 'review.place';

export function reviewHandlers(context: Context): HandlersOf<'review'> {
  const told = (change: ReviewChange): ReviewChange => {
    context.emit('review.changed', change);
    if (change.thresholds) context.emit('runs.changed', {});
    return change;
  };
  return {
    'review.rows': ({ videoId, pass }) => {
      const { review } = context.opened().store;
      return videoId === null ? review.all(pass) : review.ofVideo(videoId, pass);
    },
    'review.state': ({ pass }) => context.opened().store.review.state(pass),
    'review.edit': ({ by, edit, key }) => {
      const { store } = context.opened();
      const { review } = store;
      return told(
        store.transaction(() =>
          review.once(key, () =>
            review.commit(stepOf(store, { ...by, reviewer: reviewerOf(store, by) }, edit)),
          ),
        ),
      );
    },
    'review.undo': ({ by, key }) => {
      const { store } = context.opened();
      return told(store.review.once(key, () => store.review.undo(by.pass, reviewerOf(store, by))));
    },
    'review.redo': ({ by, key }) => {
      const { store } = context.opened();
      return told(store.review.once(key, () => store.review.redo(by.pass, reviewerOf(store, by))));
    },
    'review.classes': () => context.opened().store.review.classes(),
    'review.rules': () => context.opened().store.review.rules(),
    'review.ruleEvents': ({ runId, videoId, at }) => {
      const { store } = context.opened();
      if (at === null) return store.review.ruleEvents(runId, videoId ?? undefined);
      const events = ruleEventsAt(store, runId, at);
      return videoId === null ? events : events.filter((event) => event.videoId === videoId);
    },
    'review.log': ({ limit, before }) =>
      context.opened().store.review.log(limit, before ?? Number.MAX_SAFE_INTEGER),
    'review.rowsAt': ({ at, videoId, pass }) => {
      const { rows } = context.opened().store.review.at(at, pass);
      return videoId === null ? rows : rows.filter((row) => row.videoId === videoId);
    },
    'review.since': ({ at, pass }) => sinceThen(context.opened().store, at, pass),
    'review.labels': ({ runId, videoId, at }) => {
      const labels = labelsInUse(context.opened().store, runId, videoId, at);
      if (!labels)
        throw new AppError('not_found', 'This run has no scores for this video.', { runId, videoId });
      const { events, ignored, videoLabel } = labels;
      return { events, ignored, videoLabel };
    },
    'review.queue': async (input) => {
      const project = context.opened();
      const novelty = input.settings.order === 'novel' ? await noveltyOf(project, input) : null;
      return queueOf(project, input, novelty);
    },
    'review.progress': (input) => progressNow(context.opened(), input),
    'review.bulk': async (input) => {
      const done = await applyRule(context.opened(), input);
      if (done.change) told(done.change);
      return done;
    },
    'review.similar': (input) => similarTo(context.opened(), input),
    'review.agreement': () => agreementNow(context.opened().store),
    'review.place': () => {
      const kept = queuePlace.safeParse(context.opened().store.settings.get(PLACE));
      return kept.success ? kept.data : null; // one of an older version is no place any more
    },
    'review.setPlace': ({ place }) => {
      context.opened().store.settings.set(PLACE, place);
      return {};
    },
    'review.diff': ({ runId, against, pass }) => {
      const { store, scores } = context.opened();
      const of = (id: number) => ({ ruleOf: ruleOf(store.runs.get(id)), scores: scores.of(id, false) });
      return diffOf(of(runId), of(against), grouped(store.review.all(pass)));
    },
    'review.reviewer': () => ({ reviewer: reviewerOf(context.opened().store, { reviewer: null, pass: 1 }) }),
    'review.setReviewer': ({ reviewer }) => {
      keepReviewer(context.opened().store, reviewer);
      return {};
    },
  };
}
