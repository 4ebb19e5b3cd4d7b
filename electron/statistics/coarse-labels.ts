// Coarse pseudo-labels (CPL): which videos are anomalous (methods.md 2.2).
// Role: divisive clustering of video summaries, by the rule of the paper, of the published notebook, or with a direction.
// Limits: knows summaries only; every stop that is not the rule's own leaves a note.
import { AppError } from '../../shared/errors.ts';
import { type Covariance, fitGmm, type GmmFit } from './gmm.ts';
import { percentile } from './percentile.ts';

/** Fewer videos than this are never split. */
const FEWEST_VIDEOS = 4;
/** Directed mode never calls a larger share of the videos anomalous. */
const DIRECTED_LIMIT = 0.6;
/** The notebook moves the videos below this percentile of the log-likelihood. */
const NOTEBOOK_PERCENTILE = 3;

/** Which side of a split becomes anomalous: the larger magnitude, the smaller group, or the notebook's rule. */
export type CoarseMode = 'directed' | 'paper' | 'notebook';

export interface CoarseOptions {
  mode: CoarseMode;
  /** Going on while |C1| / |C0| <= eta (`notebook`: < eta). */
  eta: number;
  covariance: Covariance;
}

export interface CoarseLabels {
  /** 1 = anomalous, `[V]`. */
  labels: Uint8Array;
  /** Anomalous videos after each round; in `notebook` mode the first entry is the size before the first round. */
  rounds: number[];
  /** Sentences for the user. */
  notes: string[];
}

interface Split {
  fit: GmmFit;
  /** Video indices of the component with the smaller and with the larger mean magnitude. */
  lower: number[];
  upper: number[];
}

/** Everything a rule needs; C0 = `normal` and C1 = the rest. */
interface State {
  summary: Float64Array;
  covariance: Covariance;
  random: () => number;
  normal: number[];
  rounds: number[];
  notes: string[];
}

function meanMagnitude(summary: Float64Array, videos: readonly number[]): number {
  return videos.reduce((sum, v) => sum + summary[2 * v], 0) / videos.length;
}

/** Fits two components to the given videos; null, with a note, where they cannot be split. */
function split(state: State, videos: readonly number[]): Split | null {
  const { summary, notes } = state;
  if (videos.length < FEWEST_VIDEOS) {
    notes.push(
      `Splitting stopped with ${videos.length} ${videos.length === 1 ? 'video' : 'videos'} left: two groups need at least ${FEWEST_VIDEOS}.`,
    );
    return null;
  }
  if (
    videos.every(
      (v) => summary[2 * v] === summary[2 * videos[0]] && summary[2 * v + 1] === summary[2 * videos[0] + 1],
    )
  ) {
    notes.push(
      'Splitting stopped: the features of the remaining videos have the same magnitudes, so there are no two groups.',
    );
    return null;
  }
  const data = Float64Array.from(videos.flatMap((v) => [summary[2 * v], summary[2 * v + 1]]));
  let fit: GmmFit;
  try {
    fit = fitGmm({ data, count: videos.length, dim: 2 }, state.random, { covariance: state.covariance });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    notes.push(`Splitting stopped. ${error.message}`);
    return null;
  }
  const groups = [0, 1].map((k) => videos.filter((_, i) => fit.labels[i] === k));
  if (groups.some((group) => group.length === 0)) {
    notes.push('Splitting stopped: the mixture put all remaining videos into one group.');
    return null;
  }
  // By the members: the mean of a component also counts its share in the videos of the other one.
  const [lower, upper] =
    meanMagnitude(summary, groups[0]) <= meanMagnitude(summary, groups[1]) ? groups : groups.reverse();
  return { fit, lower, upper };
}

function remove(from: readonly number[], moved: readonly number[]): number[] {
  const gone = new Set(moved);
  return from.filter((v) => !gone.has(v));
}

function anomalous(state: State): number {
  return state.summary.length / 2 - state.normal.length;
}

/** Algorithm 1: the smaller component moves; on equal size the one with the larger mean magnitude. */
function paperRule(state: State, eta: number): void {
  while (state.normal.length > 0 && anomalous(state) / state.normal.length <= eta) {
    const found = split(state, state.normal);
    if (!found) return;
    const smaller = found.lower.length < found.upper.length ? found.lower : found.upper;
    state.normal = remove(state.normal, smaller);
    state.rounds.push(anomalous(state));
  }
}

/** The notebook: after a first split, the least likely videos of each round move. */
function notebookRule(state: State, eta: number, initialLabels: ArrayLike<number> | undefined): void {
  if (initialLabels) {
    state.normal = state.normal.filter((v) => initialLabels[v] === 0);
  } else {
    const found = split(state, state.normal);
    if (!found) return;
    state.normal = found.lower; // the notebook takes component 1, whichever that is; ours is the one with more magnitude
  }
  state.rounds.push(anomalous(state));
  while (state.normal.length > 0 && anomalous(state) / state.normal.length < eta) {
    const found = split(state, state.normal);
    if (!found) return;
    const { logLikelihood } = found.fit;
    const threshold = percentile(logLikelihood, NOTEBOOK_PERCENTILE);
    const unlikely = state.normal.filter((_, i) => logLikelihood[i] < threshold);
    if (unlikely.length === 0) {
      state.notes.push('Splitting stopped: all remaining videos are equally likely.');
      return;
    }
    state.normal = remove(state.normal, unlikely);
    state.rounds.push(anomalous(state));
  }
}

/**
 * With a direction: the component with the larger mean magnitude moves whatever its size. A round that would make more
 * than 60 % of the videos anomalous is not made; if it is the first one, the upper group is split again until its upper
 * part fits, so that some videos are labelled at all.
 */
function directedRule(state: State, eta: number): void {
  const total = state.summary.length / 2;
  while (state.normal.length > 0 && anomalous(state) / state.normal.length <= eta) {
    let found = split(state, state.normal);
    while (found && state.rounds.length === 0 && found.upper.length > DIRECTED_LIMIT * total) {
      state.notes.push(
        `The group with the larger magnitude held ${found.upper.length} of ${total} videos, more than 60 %, and was split again; only its upper part counts as anomalous.`,
      );
      found = split(state, found.upper);
    }
    if (!found) return;
    if (anomalous(state) + found.upper.length > DIRECTED_LIMIT * total) return;
    state.normal = remove(state.normal, found.upper);
    state.rounds.push(anomalous(state));
  }
}

/**
 * Labels videos from their summaries.
 * @param summary `[V, 2]`, see `summarise`.
 * @param random uniform in [0, 1), for the starts of the mixtures.
 * @param initialLabels first split of `notebook` mode, `[V]`; fitted when absent.
 */
export function coarseLabels(
  summary: Float64Array,
  { mode, eta, covariance }: CoarseOptions,
  random: () => number,
  initialLabels?: ArrayLike<number>,
): CoarseLabels {
  const videos = summary.length / 2;
  const normal = Array.from({ length: videos }, (_, v) => v);
  const state: State = { summary, covariance, random, normal, rounds: [], notes: [] };
  switch (mode) {
    case 'paper':
      paperRule(state, eta);
      break;
    case 'notebook':
      notebookRule(state, eta, initialLabels);
      break;
    case 'directed':
      directedRule(state, eta);
      break;
    default:
      mode satisfies never;
  }
  const labels = new Uint8Array(videos).fill(1);
  for (const v of state.normal) labels[v] = 0;
  return { labels, rounds: state.rounds, notes: state.notes };
}
