// The queue of the open project. Role: gathers what buildQueue needs from store and score cache, keeps its draws.
// Limits: orders and filters are queue.ts.
import {
  type ParsedInput,
  type Queue,
  type QueueFilter,
  queueFilter,
  queueSettings,
  type Run,
} from '../../../shared/contract/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { type EventRules, ruleOf } from '../../../shared/labels/rules.ts';
import type { OpenProject } from '../context.ts';
import type { Place } from './descriptors.ts';
import { drawRuleOf } from './draws.ts';
import { buildQueue } from './queue.ts';

/** Methods that fit beside each other in the queue. */
const MOST_RUNS = 8;

/** Rows by their video. */
export const grouped = <T extends { videoId: number }>(rows: readonly T[]): Map<number, T[]> =>
  Map.groupBy(rows, (row) => row.videoId);

/** The filter that lets everything through. */
export const NO_FILTER = queueFilter.parse({});

/** All events of a run that fit, with what was said; no probes, no budget. */
export function fullQueue(project: OpenProject, runId: number, filter: QueueFilter, pass: 1 | 2): Queue {
  const settings = queueSettings.parse({ order: 'time', probeShare: 0, filter });
  return queueOf(
    project,
    { runId, settings, rule: null, ownRules: null, pass, people: false, limit: 1_000_000 },
    null,
  );
}

/** The rules that are asked about: those of a run, where no others are given. */
export const rulesAsked = (
  run: EventRules,
  { rule, ownRules }: { rule: EventRules['rule'] | null; ownRules: EventRules['ownRules'] | null },
): EventRules => ({ rule: rule ?? run.rule, ownRules: ownRules ?? run.ownRules });

/**
 * A finished run and those that fit beside it, the newest first.
 * @param against one that must be among them
 * @throws AppError `not_found` for a run without scores
 */
export function runsBeside(store: OpenProject['store'], runId: number, against: number | null): Run[] {
  const done = store.runs.list().filter((run) => run.state === 'done');
  const chosen = done.find((run) => run.id === runId);
  if (!chosen) throw new AppError('not_found', 'This run has no scores to review.', { runId });
  const others = done.filter((run) => run.id !== runId).reverse();
  const wanted = others.filter((run) => run.id === against);
  return [chosen, ...wanted, ...others.filter((run) => run.id !== against)].slice(0, MOST_RUNS);
}

/**
 * The queue as it is asked for.
 * @param novelty distance of an event to the nearest reviewed one; null where the order does not need it
 * @throws AppError `not_found` for a run without scores
 */
export function queueOf(
  { store, scores }: Pick<OpenProject, 'store' | 'scores'>,
  input: ParsedInput<'review.queue'>,
  novelty: ((place: Place) => number | null) | null,
): Queue {
  const { runId, settings, pass } = input;
  const beside = runsBeside(store, runId, settings.filter.against);
  const rules = rulesAsked(beside[0], input);
  const runs = beside.map((run, i) => ({
    id: run.id,
    ruleOf: ruleOf(i === 0 ? rules : run),
    scores: scores.of(run.id, settings.perCamera),
  }));
  const tags = store.videos.tagsByVideo();
  return buildQueue({
    runId,
    settings,
    runs,
    videos: new Map(
      store.videos.list().map((video) => [
        video.id,
        {
          id: video.id,
          relPath: video.relPath,
          camera: video.camera,
          tags: tags.get(video.id) ?? [],
          frameSeconds: video.frames > 0 ? video.durationSeconds / video.frames : 0,
        },
      ]),
    ),
    human: grouped(store.review.all(pass)),
    // The second reviewer is blind to everything that was said before.
    ruleEvents: grouped(pass === 2 ? [] : store.review.ruleEvents(runId)),
    novelty,
    uncertainty: settings.order === 'uncertain' ? scores.uncertainty(runId) : null,
    keep: (purpose, units, samples) => {
      const rule = drawRuleOf(rules, runs[0].scores);
      const drawId = store.review.keepDraw({ runId, purpose, seed: settings.seed, rule, units }, samples);
      return store.review.samples(drawId);
    },
    people: input.people,
    limit: input.limit,
  });
}
