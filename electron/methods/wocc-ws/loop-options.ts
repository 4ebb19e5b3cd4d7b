// What a person may choose about the loop. Role: one type, read by the loop and by the estimate of its time. Limits: data only.
import type { BagMode } from './bag-source.ts';
import type { Cleanup } from './snippet-labels.ts';
import type { StartForm } from './start-weights.ts';

export interface LoopOptions {
  /** R: share of the snippets that each one-class model calls anomalous, the first threshold. */
  ratio: number;
  /** `fixed`: T stays what R makes it, and all modules are run. */
  threshold: 'adaptive' | 'fixed';
  stopQ: number;
  stopReference: 'code' | 'paper';
  maxModules: number;
  stepsPerModule: number;
  /** A module ends early when scores change by no more than this on average between two steps; 0 never. */
  convergeEps: number;
  /** Epochs of the one-class model in a step. */
  oneClassEpochs: number;
  /** Batches of the weakly supervised model in a step. */
  weakBatches: number;
  bagMode: BagMode;
  cleanup: Cleanup;
  start: StartForm;
  /** `hard`: objects of snippets that the weak model ranks among the T highest are left out, others count fully. */
  weighting: 'soft' | 'hard' | 'none';
}
