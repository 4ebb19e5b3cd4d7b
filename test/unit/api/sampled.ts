// A project with known truth and scores, and people who look at its events and probes: for tests of estimates.

import type { OpenProject } from '../../../electron/api/context.ts';
import { drawUnits, probeUnits, type Unit } from '../../../electron/api/review/draws.ts';
import { stepOf } from '../../../electron/api/review/edits.ts';
import { createScoreCache } from '../../../electron/api/score-cache.ts';
import { createRandom } from '../../../electron/compute/random.ts';
import type { Sample } from '../../../electron/store/draws.ts';
import type { Store } from '../../../electron/store/store.ts';
import { type MethodName, reviewEdit } from '../../../shared/contract/index.ts';
import { eventsOf } from '../../../shared/labels/events.ts';
import type { EventRule, FrameRange } from '../../../shared/labels/types.ts';
import { newProject, runningProject } from '../store/project.ts';

export const RULE: EventRule = { on: 0.5, off: 0.5, minFrames: 0, gapFrames: 0 };
const SEGMENTS = [900, 700, 800, 600];

export interface SampledProject {
  project: OpenProject;
  store: Store;
  runId: number;
  videoIds: number[];
  /** Per video, 1 for anomalous segments. */
  truth: Map<number, Uint8Array>;
  scores: Map<number, Float32Array>;
}

/** Stretches of 4 anomalous segments with higher scores, most but not all above the threshold. */
export async function sampledProject(): Promise<SampledProject> {
  const store = newProject();
  const { runId, videoIds } = await runningProject(store, SEGMENTS);
  const random = createRandom(5);
  const truth = new Map<number, Uint8Array>();
  const scores = new Map<number, Float32Array>();
  for (const [i, videoId] of videoIds.entries()) {
    const own = new Uint8Array(SEGMENTS[i]);
    for (let k = 0; k + 4 < own.length; k += 20) if (random.uniform() < 0.5) own.fill(1, k, k + 4);
    truth.set(videoId, own);
    scores.set(
      videoId,
      Float32Array.from(own, (t) => Math.min(1, Math.max(0, (t ? 0.62 : 0.3) + 0.12 * random.normal()))),
    );
  }
  store.runs.finish(runId, {
    kind: 'train',
    videos: videoIds.map((videoId) => ({
      videoId,
      scores: scores.get(videoId)!,
      labels:
        scores.get(videoId)!.length > 0
          ? Uint8Array.from(scores.get(videoId)!, (s) => Number(s >= 0.5))
          : new Uint8Array(0),
      uncertainty: null,
      videoLabel: null,
    })),
    model: null,
    threshold: { on: 0.5, off: 0.5 },
    notes: [],
    provenance: {},
    timings: {},
  });
  const project = { store, scores: createScoreCache(store) } as OpenProject;
  return { project, store, runId, videoIds, truth, scores };
}

/** A second run over the same features, with scores of its own. */
export function secondRun(
  { store, videoIds, scores }: SampledProject,
  change: (score: number) => number,
  method: MethodName = 'motion',
): number {
  const runId = store.runs.create({
    name: 'second',
    method,
    featureSetId: store.features.sets()[0].id,
    seed: 2,
    device: 'cpu',
    config: {},
  });
  store.runs.finish(runId, {
    kind: 'train',
    videos: videoIds.map((videoId) => {
      const own = scores.get(videoId)!.map(change);
      return {
        videoId,
        scores: own,
        labels: Uint8Array.from(own, () => 0),
        uncertainty: null,
        videoLabel: null,
      };
    }),
    model: null,
    threshold: { on: 0.5, off: 0.5 },
    notes: [],
    provenance: {},
    timings: {},
  });
  return runId;
}

type DrawnSample = Omit<Sample, 'drawId' | 'probability'>;

/** Draws events or probes as the queue does, and keeps the draw. */
export function drawn(
  { store, runId, scores }: SampledProject,
  purpose: 'events' | 'probes',
  size: number,
  seed = 1,
): DrawnSample[] {
  const units = [...scores].flatMap(([videoId, own]): Unit[] => {
    const frames = own.length * 16;
    return purpose === 'events'
      ? eventsOf(own, frames, RULE).map((event) => ({ videoId, ...event }))
      : probeUnits(videoId, own, frames, RULE);
  });
  const samples = drawUnits(units, purpose, seed, size);
  store.review.keepDraw({ runId, purpose, seed, rule: RULE, units: units.length }, samples);
  return samples;
}

/** Looks at a stretch and says what is true of it: anomalous where most of it is, with exact edges. */
export function look({ store, runId, truth }: SampledProject, unit: FrameRange & { videoId: number }): void {
  const own = truth.get(unit.videoId)!;
  const [first, end] = [Math.floor(unit.start / 16), Math.ceil(unit.end / 16)];
  const hits = Array.from({ length: end - first }, (_, i) => first + i).filter((k) => own[k] === 1);
  const edit = (value: unknown) =>
    store.transaction(() =>
      store.review.commit(stepOf(store, { reviewer: 'ada', pass: 1 }, reviewEdit.parse(value))),
    );
  const range = { start: unit.start, end: unit.end };
  const target = { runId, videoId: unit.videoId, range };
  if (hits.length === 0) {
    edit({ type: 'change', target, set: { verdict: 'rejected' } });
    return;
  }
  const exact = {
    start: Math.max(range.start, hits[0] * 16),
    end: Math.min(range.end, (hits[hits.length - 1] + 1) * 16),
  };
  edit({ type: 'change', target, set: { verdict: 'accepted', range: exact } });
}
