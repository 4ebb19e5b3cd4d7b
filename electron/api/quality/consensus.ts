// Several runs as one. Role: aligns their segments, weighs them, and stores the result as a run of its own; how far runs
// agree. Limits: the combination itself is shared/quality/consensus.ts'.
import type { ParsedInput, RunAgreement } from '../../../shared/contract/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { eventsOf } from '../../../shared/labels/events.ts';
import { type EventRules, ruleOf } from '../../../shared/labels/rules.ts';
import {
  agreement,
  type Consensus,
  combine,
  reliabilityWeight,
  type Voter,
} from '../../../shared/quality/consensus.ts';
import { ENOUGH } from '../../../shared/quality/estimate.ts';
import type { VideoScores } from '../../store/labels.ts';
import { VERSION } from '../app.ts';
import type { OpenProject } from '../context.ts';
import { reviewedSegments } from './calibration.ts';
import { knownDraws, markSegments } from './draws.ts';

interface Aligned {
  /** Videos that all runs hold with the same number of segments, in the order of the first run. */
  videos: { videoId: number; segments: number }[];
  /** Videos that some runs do not hold, or hold with another number. */
  leftOut: number;
  /** Per run, all videos one after the other. */
  scores: Float32Array[];
  /** 1 for segments inside an event of the run under its rules. */
  labels: Uint8Array[];
}

function align(runs: readonly EventRules[], held: readonly (readonly VideoScores[])[]): Aligned {
  const rules = runs.map(ruleOf);
  const byId = held.map((videos) => new Map(videos.map((video) => [video.videoId, video])));
  const everywhere = held[0].filter(({ videoId, scores }) =>
    byId.every((videos) => videos.get(videoId)?.scores.length === scores.length),
  );
  const all = new Set(held.flatMap((videos) => videos.map((video) => video.videoId)));
  const total = everywhere.reduce((sum, { scores }) => sum + scores.length, 0);
  const scores = runs.map(() => new Float32Array(total));
  const labels = runs.map(() => new Uint8Array(total));
  let at = 0;
  for (const { videoId, scores: first } of everywhere) {
    for (const [r, of] of rules.entries()) {
      const video = byId[r].get(videoId);
      if (!video) continue;
      scores[r].set(video.scores, at);
      const events = eventsOf(video.scores, video.frames, of(video));
      labels[r].set(markSegments(events, video.scores.length), at);
    }
    at += first.length;
  }
  return {
    videos: everywhere.map((video) => ({ videoId: video.videoId, segments: video.scores.length })),
    leftOut: all.size - everywhere.length,
    scores,
    labels,
  };
}

/** How much each run counts, from reviewed samples; null while there are not enough, or all say the same. */
export function weightsOf(
  project: OpenProject,
  runIds: readonly number[],
): { weight: number | null; units: number }[] {
  const draws = knownDraws(project);
  return runIds.map((runId) => {
    const { segments, units } = reviewedSegments(project, runId, draws);
    return { weight: units < ENOUGH ? null : reliabilityWeight(segments), units };
  });
}

/** Weight of every run from reviewed samples. @throws AppError `conflict` while there are not enough of them */
function reliabilities(project: OpenProject, runIds: readonly number[]): number[] {
  const weights = weightsOf(project, runIds).map(({ weight, units }) => {
    if (weight !== null) return weight;
    throw new AppError(
      'conflict',
      units < ENOUGH
        ? `Runs are weighed by at least ${ENOUGH} reviewed random samples; there are ${units}. Review ${ENOUGH - units} more, or take another rule.`
        : `All ${units} reviewed samples say the same, so runs cannot be weighed by them. Review more, or take another rule.`,
      { units },
    );
  });
  if (weights.every((weight) => weight === 0)) {
    throw new AppError(
      'conflict',
      'No run orders the reviewed samples better than chance, so none can be given weight. Take another rule.',
    );
  }
  return weights;
}

const RULE_TEXT = {
  mean: 'the mean of',
  median: 'the median of',
  votes: 'votes of',
  weighted: 'the mean, weighted by reviewed samples, of',
  ranks: 'the mean rank of',
} as const;

const three = (value: number): string => value.toFixed(3);

/**
 * Makes a run out of others: scores, labels, and as uncertainty of each segment the share of runs that say otherwise.
 * Its provenance names them with the rules and weights they had.
 * @returns its id
 * @throws AppError `conflict` when a run is not done, when they have no video in common, or as `reliabilities`
 */
export function makeConsensus(project: OpenProject, input: ParsedInput<'runs.consensus'>): number {
  const { store } = project;
  const started = performance.now();
  const runIds = [...new Set(input.runIds)];
  if (runIds.length < 2) throw new AppError('bad_input', 'A consensus needs at least two different runs.');
  const runs = runIds.map((id) => store.runs.get(id));
  const open = runs.find((run) => run.state !== 'done');
  if (open) throw new AppError('conflict', `${open.name} has no scores yet: its state is "${open.state}".`);
  const k = input.k ?? Math.floor(runs.length / 2) + 1;
  if (k > runs.length)
    throw new AppError('bad_input', `There are ${runs.length} runs; ${k} of them cannot agree.`);
  const held = runIds.map((id) => project.scores.of(id, false));
  const aligned = align(runs, held);
  if (aligned.videos.length === 0) {
    throw new AppError(
      'conflict',
      'These runs have no video with the same segments in common. Choose runs over the same kind of features.',
    );
  }
  const weights = input.rule === 'weighted' ? reliabilities(project, runIds) : runs.map(() => 1);
  const voters = runs.map((run, r): Voter => {
    const weight = weights[r];
    return { scores: aligned.scores[r], labels: aligned.labels[r], threshold: run.rule.on, weight };
  });
  const result = combine(voters, input.rule, k);
  const agreements = aligned.labels.map((labels) => agreement(labels, result.labels));
  const number = store.runs.list().filter((run) => run.method === 'consensus').length + 1;
  const name = input.name || `consensus-${String(number).padStart(2, '0')}`;
  const sources = runs.map((run, r) => ({
    id: run.id,
    name: run.name,
    method: run.method,
    seed: run.seed,
    rule: run.rule,
    ...(run.ownRules.length > 0 && { ownRules: run.ownRules }),
    dataFingerprint: run.dataFingerprint,
    ...(input.rule === 'weighted' && { weight: weights[r] }),
    agreement: agreements[r],
  }));
  const config = { rule: input.rule, ...(input.rule === 'votes' && { k }), runs: runIds };
  return store.transaction(() => {
    const runId = store.runs.create({
      name,
      method: 'consensus',
      featureSetId: runs[0].featureSetId,
      seed: 0,
      device: 'cpu',
      config,
    });
    store.runs.finish(runId, {
      kind: 'train',
      videos: parts(aligned, result),
      model: null,
      threshold: { on: result.on, off: result.on },
      notes: [
        `Combines ${RULE_TEXT[input.rule]} ${runs.map((run) => run.name).join(', ')}${input.rule === 'votes' ? `: labelled where at least ${k} of ${runs.length} do` : ''}.`,
        ...(input.rule === 'weighted'
          ? [`Weights: ${runs.map((run, r) => `${run.name} ${three(weights[r])}`).join(', ')}.`]
          : []),
        `Uncertainty is the share of runs that say otherwise. Agreement with the result: ${runs.map((run, r) => `${run.name} ${three(agreements[r])}`).join(', ')}.`,
        ...(aligned.leftOut > 0
          ? [`${aligned.leftOut} videos are left out: not every run holds them with the same segments.`]
          : []),
      ],
      provenance: {
        appVersion: VERSION,
        consensus: { ...config, sources, videos: aligned.videos.length, leftOut: aligned.leftOut },
      },
      timings: { combine: (performance.now() - started) / 1000 },
    });
    return runId;
  });
}

function parts({ videos }: Aligned, { scores, labels, uncertainty }: Consensus) {
  let at = 0;
  return videos.map(({ videoId, segments }) => {
    const [from, to] = [at, at + segments];
    at = to;
    return {
      videoId,
      videoLabel: null,
      scores: scores.slice(from, to),
      labels: labels.slice(from, to),
      uncertainty: uncertainty.slice(from, to),
    };
  });
}

/** How far every other finished run agrees with one, each under its own rules, over the videos both hold. */
export function agreements(project: OpenProject, runId: number): RunAgreement[] {
  const run = project.store.runs.get(runId);
  const own = project.scores.of(runId, false);
  return project.store.runs
    .list()
    .filter((other) => other.state === 'done' && other.id !== runId)
    .map((other) => {
      const { labels } = align([run, other], [own, project.scores.of(other.id, false)]);
      const segments = labels[0].length;
      return { runId: other.id, segments, agreement: segments > 0 ? agreement(labels[0], labels[1]) : null };
    });
}
