// How good the labels of a run are, from random draws and what people said about their units.
// Role: the run's segments as a population, estimates now and for other thresholds, per camera and folder. Limits: the
// arithmetic is shared/quality/estimate.ts'.
import { setImmediate } from 'node:timers/promises';
import type {
  ParsedInput,
  QualityReport,
  QualitySlice,
  WhatIfPoint,
} from '../../../shared/contract/index.ts';
import { eventsOf } from '../../../shared/labels/events.ts';
import { overlap } from '../../../shared/labels/intervals.ts';
import { type EventRules, ruleOf } from '../../../shared/labels/rules.ts';
import { type EventRule, SEGMENT_FRAMES } from '../../../shared/labels/types.ts';
import { type RandomDraw, type Sampled, sampledUnits } from '../../../shared/quality/draws.ts';
import {
  estimateQuality,
  type Outcome,
  type Population,
  type QualityEstimate,
  reviewsForWidth,
} from '../../../shared/quality/estimate.ts';
import type { VideoScores } from '../../store/labels.ts';
import type { Store } from '../../store/store.ts';
import type { StoredVideo } from '../../store/videos.ts';
import type { OpenProject } from '../context.ts';
import { rulesAsked } from '../review/open-queue.ts';
import { knownDraws, markSegments } from './draws.ts';

/** Thresholds of the what-if curve: as many as a slider has room for. */
const CURVE_POINTS = 41;

/** A rule with another threshold: the lower one goes along at the same distance. */
const ruleAt = (rule: EventRule, on: number): EventRule => ({
  ...rule,
  on,
  off: Math.max(0, on - Math.max(0, rule.on - rule.off)),
});

/** A run that is judged. */
interface Judged {
  videos: readonly VideoScores[];
  known: ReadonlyMap<number, StoredVideo>;
  /** 1 where some draw could have taken the segment, by video. */
  covered: ReadonlyMap<number, Uint8Array>;
  draws: readonly RandomDraw[];
}

function judge({ scores, store }: OpenProject, runId: number, draws: readonly RandomDraw[]): Judged {
  const videos = scores.of(runId, false);
  return {
    videos,
    known: new Map(store.videos.list().map((video) => [video.id, video])),
    covered: new Map(
      videos.map(({ videoId, scores: own }) => [
        videoId,
        Uint8Array.from(own, (_, k) => Number(draws.some((draw) => draw.covers(videoId, k)))),
      ]),
    ),
    draws,
  };
}

/** What the rule that holds for a video makes of it. */
interface VideoView {
  /** 1 for segments inside an event, `[T]`. */
  marks: Uint8Array;
  events: number;
  frames: number;
  seconds: number;
}
type View = ReadonlyMap<number, VideoView>;

function viewUnder({ videos, known }: Judged, rules: EventRules): View {
  const of = ruleOf(rules);
  return new Map(
    videos.map((scored) => {
      const { videoId, scores } = scored;
      const events = eventsOf(scores, scored.frames, of(scored));
      const video = known.get(videoId);
      const perFrame = video && video.frames > 0 ? video.durationSeconds / video.frames : 0;
      const length = events.reduce((sum, { start, end }) => sum + end - start, 0);
      const marks = markSegments(events, scores.length);
      return [videoId, { marks, events: events.length, frames: length, seconds: length * perFrame }];
    }),
  );
}

const zeroesAndOnes = (zeroes: number, ones: number): Float64Array =>
  new Float64Array(zeroes + ones).fill(1, zeroes);

/** Segments as numbers that estimates compare with a threshold of one half: 1 labelled, 0 not. */
function populationOf({ covered }: Judged, view: View): Population {
  const counts = [
    [0, 0],
    [0, 0],
  ];
  for (const [videoId, { marks }] of view) {
    const reached = covered.get(videoId) ?? new Uint8Array(marks.length);
    for (let k = 0; k < marks.length; k++) counts[reached[k]][marks[k]]++;
  }
  return {
    covered: zeroesAndOnes(counts[1][0], counts[1][1]),
    uncovered: zeroesAndOnes(counts[0][0], counts[0][1]),
  };
}

function estimateOf(judged: Judged, view: View): { estimate: QualityEstimate; sampled: Sampled } {
  const sampled = sampledUnits(judged.draws, (videoId, k) => view.get(videoId)?.marks[k] ?? null);
  const units = sampled.units.filter((_, i) => view.has(sampled.places[i].videoId));
  return { estimate: estimateQuality(units, populationOf(judged, view), 0.5), sampled };
}

const sumOf = (view: View, what: 'events' | 'frames' | 'seconds'): number => {
  let sum = 0;
  for (const video of view.values()) sum += video[what];
  return sum;
};

function pointOf(judged: Judged, rules: EventRules): WhatIfPoint {
  const view = viewUnder(judged, rules);
  const { precision, recall, above, below } = estimateOf(judged, view).estimate;
  return {
    on: rules.rule.on,
    events: sumOf(view, 'events'),
    frames: sumOf(view, 'frames'),
    seconds: sumOf(view, 'seconds'),
    labelled: above,
    unlabelled: below,
    precision,
    recall,
  };
}

/** Events that people accepted and that hold no label under the rule; they stay in the human layer all the same. */
function acceptedBelow(store: Store, view: View): number {
  return store.review.all(1).filter((row) => {
    const video = view.get(row.videoId);
    if (!video || row.kind !== 'event' || row.verdict !== 'accepted') return false;
    return !video.marks.subarray(...segmentsOver(row.start, row.end)).includes(1);
  }).length;
}

const segmentsOver = (start: number, end: number): [first: number, end: number] => [
  Math.floor(start / SEGMENT_FRAMES),
  Math.ceil(end / SEGMENT_FRAMES),
];

function slicesBy(
  judged: Judged,
  view: View,
  groupOf: (video: StoredVideo) => string | null,
): QualitySlice[] {
  const groups = Map.groupBy(
    judged.videos.flatMap(({ videoId }) => judged.known.get(videoId) ?? []),
    groupOf,
  );
  const named = [...groups].flatMap(([name, videos]) => (name === null ? [] : [{ name, videos }]));
  if (named.length === 0 || (named.length === 1 && !groups.has(null))) return [];
  return named
    .map(({ name, videos }): QualitySlice => {
      const own = new Map(
        videos.flatMap(({ id }) => {
          const video = view.get(id);
          return video ? [[id, video] as const] : [];
        }),
      );
      const { estimate, sampled } = estimateOf(judged, own);
      const { precision, recall } = estimate;
      const hours = videos.reduce((sum, video) => sum + video.durationSeconds, 0) / 3600;
      const events = sumOf(own, 'events');
      return {
        name,
        videos: videos.length,
        decided: sampled.units.filter((unit, i) => unit.segments && own.has(sampled.places[i].videoId))
          .length,
        precision,
        recall,
        events,
        falseAlarmsPerHour: hours > 0 && precision.known ? ((1 - precision.value) * events) / hours : null,
      };
    })
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

const folderOf = (relPath: string): string => relPath.slice(0, Math.max(0, relPath.lastIndexOf('/')));

/** Verdicts of people that no random draw asked for; they never enter an estimate. */
function otherVerdicts(store: Store, { places }: Sampled): number {
  const asked = Map.groupBy(places, (place) => place.videoId);
  return store.review
    .all(1)
    .filter(
      (row) =>
        row.kind === 'event' &&
        row.verdict !== null &&
        !asked
          .get(row.videoId)
          ?.some(
            ({ first, end }) =>
              overlap(row, { start: first * SEGMENT_FRAMES, end: end * SEGMENT_FRAMES }) > 0,
          ),
    ).length;
}

/**
 * The report behind `quality.estimate`. Lets other calls in between the points of the curve.
 * @throws AppError `not_found` for an unknown run
 */
export async function qualityReport(
  project: OpenProject,
  { runId, curve, width, ...asked }: ParsedInput<'quality.estimate'>,
): Promise<QualityReport> {
  const { store } = project;
  const run = store.runs.get(runId);
  const rules = rulesAsked(run, asked);
  const { draws, unusable } = knownDraws(project);
  const judged = judge(project, runId, draws);
  const view = viewUnder(judged, rules);
  const { estimate, sampled } = estimateOf(judged, view);
  const left = Math.max(0, draws.reduce((sum, draw) => sum + draw.population, 0) - sampled.decided);
  const more = (outcome: Outcome) => reviewsForWidth(outcome, width, left);
  const report: QualityReport = {
    runId,
    rule: rules.rule,
    saved: run.rule,
    at: pointOf(judged, rules),
    prevalence: estimate.prevalence,
    samples: {
      draws: sampled.draws,
      drawn: sampled.drawn,
      decided: sampled.decided,
      unsure: sampled.unsure,
      unusable,
      otherVerdicts: otherVerdicts(store, sampled),
      byRule: store.review.ruleEvents(runId).length,
    },
    acceptedBelow: acceptedBelow(store, view),
    needed: { width, precision: more(estimate.precision), recall: more(estimate.recall), left },
    curve: [],
    cameras: slicesBy(judged, view, (video) => video.camera),
    folders: slicesBy(judged, view, (video) => folderOf(video.relPath)),
  };
  for (let i = 0; curve && i < CURVE_POINTS; i++) {
    await setImmediate();
    const rule = ruleAt(rules.rule, i / (CURVE_POINTS - 1));
    report.curve.push(pointOf(judged, { ...rules, rule }));
  }
  return report;
}
