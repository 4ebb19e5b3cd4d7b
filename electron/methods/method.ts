// The one shape of every method. Role: what the trainer process hands to a method and what it wants back.
// Limits: methods see features and a device, never videos, files of the project, or the database.
import type { z } from 'zod';
import type { CurvePoint, MethodInfo, ScoreMap } from '../../shared/contract/entities.ts';
import type { ComputeDevice } from '../compute/device.ts';
import type { CubeOptions } from '../features/cubes/plan.ts';
import type { PosePerson } from '../features/poses/read.ts';
import type { Rehearsal } from '../features/rehearsal.ts';
import type { FeatureVideo, VideoFeatures } from '../features/types.ts';
import type { ForeignTensor } from '../nets/foreign-weights.ts';

export type { FeatureVideo, VideoFeatures };

/** Persons seen in one video. */
export interface VideoPoses {
  /** Frames of the video; the frame numbers of its persons are below. */
  frames: number;
  persons: readonly PosePerson[];
}

/** Objects cut out of the footage of a training set, as cubes of a few frames (methods.md 3.6), read when they are asked for. */
export interface ObjectCubes {
  /** O. */
  count: number;
  /** T, frames of a cube: odd. */
  timeLength: number;
  /** Height and width of a cube in pixels: 64. */
  size: number;
  /** Index into `TrainInput.videos`. `[O]`. */
  video: Int32Array;
  /** The frame of its box, 0-based; the cube holds T / 2 frames on both sides of it. `[O]`. */
  centreFrame: Int32Array;
  /** Frames of each video. `[V]`. */
  frames: Int32Array;
  /** RGB of the chosen cubes, `[chosen, T, size, size, 3]`. */
  copy(chosen: ArrayLike<number>, target: Uint8Array): Promise<void>;
}

export interface TrainInput {
  /** In memory or in files; results are the same. */
  videos: FeatureVideo[];
  /**
   * Known video labels (1 = anomalous somewhere), in the order of `videos`; null where nothing is known, and everywhere in a run whose
   * options do not want them (`MethodInfo.knownLabels`). Where they come from is not the method's business.
   */
  videoLabels: (0 | 1 | null)[];
  /** Persons in the order of `videos`, null for a video without a pose file. Only where the run uses poses. */
  poses?: readonly (VideoPoses | null)[];
  /** Only where the run uses objects. */
  cubes?: ObjectCubes;
  /** Weights trained elsewhere, by the names of PyTorch's state dictionary; they take the place of training. */
  weights?: Record<string, ForeignTensor>;
  /** Which extractor made the features, for example `cellmotion-v1`. */
  extractor: string;
  seed: number;
  /** Null for methods that need no device. */
  device: ComputeDevice | null;
  signal: AbortSignal;
  progress(done: number, total: number, unit: string, message: string): void;
  points(points: CurvePoint[]): void;
  /** How a few videos look after a stage; maps of the same stage and video are replaced. */
  maps?(maps: ScoreMap[]): void;
  /** The last checkpoint of this run, or null. Opaque bytes of the method's own making. */
  loadCheckpoint(): Promise<Uint8Array | null>;
  /** Written atomically. */
  saveCheckpoint(bytes: Uint8Array): Promise<void>;
  /** Longest time between two checkpoints, seconds; left out: 30. */
  saveEvery?: number;
  /** The run is only to show how long it takes: loops are left when that is known, and the result means nothing. */
  rehearsal?: Rehearsal;
}

/** What a loop of training steps needs of its run, whatever it trains. */
export type TrainingRun = Pick<
  TrainInput,
  'seed' | 'signal' | 'progress' | 'points' | 'loadCheckpoint' | 'saveCheckpoint' | 'saveEvery' | 'rehearsal'
>;

export interface VideoResult {
  videoId: number;
  /** One per segment. */
  scores: Float32Array;
  /** One pseudo-label (0 or 1) per segment. */
  labels: Uint8Array;
  /** How sure the method is of each segment, >= 0 and larger = less sure; null where it does not say. */
  uncertainty: Float32Array | null;
  /** Coarse video label, null where the method has none. */
  videoLabel: number | null;
}

export interface TrainOutput {
  videos: VideoResult[];
  /** Model file: bytes of the method's own making (JSON header and weights), or null. */
  model: Uint8Array | null;
  threshold: { on: number; off: number };
  notes: string[];
  provenance: Record<string, unknown>;
}

export interface Method<Config> {
  info: MethodInfo;
  config: z.ZodType<Config>;
  needsDevice: boolean;
  /** Defaults that depend on the features at hand, with the reason as a sentence for the user. */
  defaultsFor(extractor: string): { values: Partial<Config>; why: string };
  /** How objects are cut from the footage; only for methods whose `info.detections` name boxes. */
  cubes?(config: Config): CubeOptions;
  train(input: TrainInput, config: Config): Promise<TrainOutput>;
}
