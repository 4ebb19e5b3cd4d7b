// The two kinds of models that label each other (Joint-VAD; methods.md 3.1), as the loop sees them.
// Role: the interface behind which any weighted one-class model and any weakly supervised model is plugged in. The loop owns
// order, batches, random numbers, weights, labels and checkpoints; a model owns its variables, its compiled steps and what
// it looks at (features, poses, cubes). Limits: types only; nothing here knows a network.
//
// Rules a model keeps, so that a run that was stopped gives the same labels as one that was not:
// - it draws random numbers only from the `random` it is handed, never keeps one of its own, and draws none when scoring;
// - `save` holds everything that later results depend on: parameters, running statistics, optimiser slots, and flags such
//   as "ActNorm has seen its first batch", each as a float32 array;
// - a batch smaller than `batchSize` (the last of an epoch) trains by a compiled step of its own size, never by padding.
import type { ComputeDevice, Values } from '../../compute/device.ts';
import type { Random } from '../../compute/random.ts';
import type { CropAggregation } from '../../features/extractors.ts';
import type { Rehearsal } from '../../features/rehearsal.ts';
import type { FeatureVideo } from '../../features/types.ts';
import type { ForeignTensor } from '../../nets/foreign-weights.ts';
import type { ObjectCubes, VideoPoses } from '../method.ts';
import type { Objects } from './weights.ts';

/** What models are made from. Snippets are the segments of all videos, one video after the other: N of them. */
export interface ComponentInput {
  device: ComputeDevice;
  /** Features, in memory or in files, on the scale that the run asks for; with V videos, snippet `offsets[v] + t` is row t of video v. */
  videos: readonly FeatureVideo[];
  /** `[V + 1]`, in snippets. */
  offsets: Int32Array;
  /** How the crops of a snippet become one score or one loss. */
  aggregation: CropAggregation;
  /** Persons of each video, in the order of `videos`, null for a video without a pose file; null where there are none. */
  poses: readonly (VideoPoses | null)[] | null;
  /** Objects cut out of the footage; null where there are none. */
  cubes: ObjectCubes | null;
  /** Throws `cancelled` when the run is to stop; call it between batches of anything long. */
  check(): void;
  rehearsal?: Rehearsal;
}

/** Network values by name. Names are those of PyTorch's state dictionary where the network has one. */
export type ModelState = Record<string, Values>;

/** One batch of a one-class model. */
export interface ObjectBatch {
  /** Indices into `objects`. `[n]`, at most `batchSize`. */
  chosen: Int32Array;
  /** v = 1 - w of each: 1 counts fully, 0 is left out of the loss. `[n]`. */
  weights: Float32Array;
  /** Complete epochs since `fresh`, for learning rates that fall. */
  epoch: number;
  random: Random;
}

/** A one-class model with weighted objects (wOCC; methods.md 3.2). */
export interface OneClassModel {
  /** For messages: "pose flow". */
  title: string;
  /** What it trains on, and where each object lies: frames of its video, 0-based. `[O]`. */
  objects: Objects;
  /** Frames of each video that `objects` counts in. `[V]`. */
  frames: Int32Array;
  /** Objects of a training step. */
  batchSize: number;
  /** Sentences for the report: videos without persons or boxes, and what is done with them. */
  notes: readonly string[];
  /** New weights and a new optimiser: a module begins. */
  fresh(random: Random): void;
  /** Says which objects the next batches ask for, in which order, so that files can be read ahead. */
  expect?(order: Int32Array): void;
  /** One update. @returns the weighted loss of the batch before it. */
  trainBatch(batch: ObjectBatch): Promise<number>;
  /** Anomaly score of every snippet, larger = more anomalous, `[N]` (methods.md 3.3). Snippets without objects: most normal. */
  scoreSnippets(): Promise<Float64Array>;
  /** Everything that later results depend on. */
  save(): Promise<ModelState>;
  /** Goes on from what `save` gave. */
  load(state: ModelState): void;
  /** Takes weights trained elsewhere, by their names in PyTorch. @throws AppError `bad_input` naming a tensor that does not fit. */
  adopt?(dictionary: Record<string, ForeignTensor>): void;
  /** What a model file keeps: parameters and running statistics, without the optimiser. */
  parameters(): Promise<ModelState>;
  dispose(): Promise<void>;
}

/** A batch of as many abnormal as normal bags. */
export interface BagBatch {
  /** Snippet indices, bag after bag: `[B, bagSize]` each. */
  abnormal: Int32Array;
  normal: Int32Array;
  random: Random;
}

/** Losses of one batch before the update; `total` is what is minimised. */
export type WeakLosses = { total: number } & Record<string, number>;

/** A weakly supervised model: bags in, snippet scores out (WS; methods.md 3.7, 3.8). */
export interface WeakModel {
  title: string;
  /** B: bags of each kind in a batch. */
  bags: number;
  /** Snippets of a bag. */
  bagSize: number;
  /** New weights: a module begins. */
  fresh(random: Random): void;
  /** A new optimiser over the weights it has: a step begins (methods.md 3.9). */
  freshOptimiser(): void;
  /** One update. */
  trainBatch(batch: BagBatch): Promise<WeakLosses>;
  /** Anomaly probability of every snippet, `[N]`. */
  scoreSnippets(): Promise<Float64Array>;
  save(): Promise<ModelState>;
  load(state: ModelState): void;
  /** Takes weights trained elsewhere, by their names in PyTorch. @throws AppError `bad_input` naming a tensor that does not fit. */
  adopt?(dictionary: Record<string, ForeignTensor>): void;
  parameters(): Promise<ModelState>;
  dispose(): Promise<void>;
}
