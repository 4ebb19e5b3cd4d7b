// Which labels count for a run: the three layers put together, now or at a point of the audit log.
// Role: the one answer to "what is labelled", for exports, training, metrics and the page. Limits: reads; the rules by
// which layers combine are shared/labels/layers.ts.

import type { HumanEvent, RuleEvent } from '../../shared/contract/review.ts';
import { eventsOf, type ScoredEvent } from '../../shared/labels/events.ts';
import { labelsOf, type VideoLabels, videoLabelOf } from '../../shared/labels/layers.ts';
import { type RuleOf, ruleOf } from '../../shared/labels/rules.ts';
import type { FrameRange } from '../../shared/labels/types.ts';
import type { VideoLabels as Scored } from './labels.ts';
import type { ReadStore } from './store.ts';

type Stored = Pick<ReadStore, 'runs' | 'review'>;

export interface LabelsInUse extends VideoLabels {
  videoId: number;
  frames: number;
  /** 1 anomalous, 0 normal, null unknown; only from what people said. */
  videoLabel: 0 | 1 | null;
  /** What the layers hold: machine events under the rule that held for the video, events of bulk verdicts, rows of people. */
  layers: { model: ScoredEvent[]; rule: RuleEvent[]; human: HumanEvent[] };
}

interface Point {
  ruleOf: RuleOf;
  human: ReadonlyMap<number, HumanEvent[]>;
  ruleEvents: ReadonlyMap<number, RuleEvent[]>;
}

const byVideo = <T extends { videoId: number }>(rows: readonly T[]): Map<number, T[]> => {
  const map = new Map<number, T[]>();
  for (const row of rows) {
    const list = map.get(row.videoId);
    if (list) list.push(row);
    else map.set(row.videoId, [row]);
  }
  return map;
};

function pointOf(store: Stored, runId: number, at: number | null): Point {
  const run = store.runs.get(runId);
  if (at === null) {
    return {
      ruleOf: ruleOf(run),
      human: byVideo(store.review.all(1)),
      ruleEvents: byVideo(store.review.ruleEvents(runId)),
    };
  }
  const then = store.review.at(at, 1);
  return {
    ruleOf: ruleOf(store.review.rulesAt(at, runId, run)),
    human: byVideo(then.rows),
    ruleEvents: byVideo(eventsInForce(store, runId, then.active)),
  };
}

const eventsInForce = (store: Stored, runId: number, active: ReadonlyMap<number, boolean>): RuleEvent[] =>
  store.review
    .rules()
    .filter((rule) => rule.runId === runId && active.get(rule.id) === true)
    .flatMap((rule) => store.review.eventsOfRule(rule.id));

/** Events of the bulk verdicts on a run that were in force right after row `at` of the audit log. */
export const ruleEventsAt = (store: Stored, runId: number, at: number): RuleEvent[] =>
  eventsInForce(store, runId, store.review.at(at, 1).active);

function inUse({ videoId, camera, frames, scores }: Scored, point: Point): LabelsInUse {
  const model = eventsOf(scores, frames, point.ruleOf({ videoId, camera }));
  const rule = point.ruleEvents.get(videoId) ?? [];
  const human = point.human.get(videoId) ?? [];
  return {
    videoId,
    frames,
    ...labelsOf({ model, rule, human }),
    videoLabel: videoLabelOf(human, frames),
    layers: { model, rule, human },
  };
}

/**
 * The labels in use of one video under a run.
 * @param at a row of the audit log: the labels as they were right after it; null: now
 * @returns null when the run does not hold the video
 */
export function labelsInUse(
  store: Stored,
  runId: number,
  videoId: number,
  at: number | null = null,
): LabelsInUse | null {
  const scored = store.runs.scored(runId, videoId);
  return scored && inUse(scored, pointOf(store, runId, at));
}

/** The same for every video of the run, in the order of their relative paths. */
export function allLabelsInUse(store: Stored, runId: number, at: number | null = null): LabelsInUse[] {
  const point = pointOf(store, runId, at);
  return store.runs.allScores(runId).map((scored) => inUse(scored, point));
}

/** Frames of one kind of layer, for exports of a single layer: what the machine says, what people accepted. */
export function layerRanges(labels: LabelsInUse, layer: 'model' | 'human'): FrameRange[] {
  return layer === 'model'
    ? labels.layers.model.map(({ start, end }) => ({ start, end }))
    : labels.events.filter((e) => e.layer === 'human').map(({ start, end }) => ({ start, end }));
}
