// The adaptive threshold and the stop rule (Joint-VAD Eq 7-8 and section 3.3; methods.md 3.9).
// Role: the snippets that every one-class model so far called anomalous, the next threshold from their number, and when to
// stop. Limits: plain data that goes into a checkpoint; a module is several steps, a step gives one model.
import { highest } from './snippet-labels.ts';

export interface ThresholdOptions {
  /** Q: the share of the first change of T below which the loop has converged. */
  stopQ: number;
  /** `code`: first compared after module 2, stops at "less or equal". `paper`: after module 1, "less". */
  stopReference: 'code' | 'paper';
  maxModules: number;
}

/** `zero`: nothing was left that all models agree on. */
export type StopReason = 'converged' | 'maxModules' | 'zero';

export interface ThresholdState {
  /** 1 for snippets in every top set so far. `[N]`. */
  consensus: Uint8Array;
  /** T_1 and on, one more than modules that ended. */
  thresholds: number[];
  /** The first change of T, what later ones are compared with; 0 while there is none. */
  reference: number;
}

/** @param first T_1, the size of every top set (see `firstCount`). @param snippets N. */
export function startThreshold(first: number, snippets: number): ThresholdState {
  return { consensus: new Uint8Array(snippets).fill(1), thresholds: [first], reference: 0 };
}

/** Keeps of the consensus what the next one-class model agrees with: always its T_1 highest scores. `scores` `[N]`. */
export function narrow(state: ThresholdState, scores: ArrayLike<number>): ThresholdState {
  const consensus = new Uint8Array(state.consensus.length);
  for (const i of highest(scores, state.thresholds[0])) consensus[i] = state.consensus[i];
  return { ...state, consensus };
}

/**
 * Ends module r: T_{r+1} is the size of the consensus.
 * @returns the new state, and why to stop, or null to go on. On `zero` the previous module's models are the result.
 */
export function endModule(
  state: ThresholdState,
  options: ThresholdOptions,
): { state: ThresholdState; stop: StopReason | null } {
  const module = state.thresholds.length;
  const next = state.consensus.reduce((sum, member) => sum + member, 0);
  const change = state.thresholds[module - 1] - next;
  let { reference } = state;
  let stop: StopReason | null = null;
  if (next === 0) stop = 'zero';
  else if (options.stopReference === 'paper' || module > 1) {
    const limit = options.stopQ * reference;
    if (reference === 0) reference = change;
    else if (options.stopReference === 'code' ? change <= limit : change < limit) stop = 'converged';
  }
  if (stop === null && module >= options.maxModules) stop = 'maxModules';
  return { state: { ...state, thresholds: [...state.thresholds, next], reference }, stop };
}
