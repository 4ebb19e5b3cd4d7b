// Devices and compiled steps: write a step in TF.js, run it as one ONNX graph.
// Role: the interface that methods and nets program against. Limits: knows no method and no network.
import type { Tensor } from '@tensorflow/tfjs-core';

export type DeviceName = 'cpu' | 'webgpu' | 'cuda' | 'directml' | 'coreml' | 'tensorflow';
export type DType = 'float32' | 'int32' | 'bool';
export interface Spec {
  shape: number[];
  dtype?: DType;
}
/** Host arrays: Float32Array for float32, Int32Array for int32, Uint8Array for bool. */
export type HostArray = Float32Array | Int32Array | Uint8Array;
/** A float32 array with its shape, C order. */
export interface Values {
  shape: number[];
  data: Float32Array;
}

/**
 * A pure step: `run` gets the current variables and the inputs of this call as tensors and returns the new values of
 * the variables it changes and the outputs. Shapes are static. No randomness inside: masks and noise are inputs.
 */
export interface Step {
  name: string;
  variables: Record<string, Spec>;
  inputs: Record<string, Spec>;
  run(
    variables: Record<string, Tensor>,
    inputs: Record<string, Tensor>,
  ): {
    variables?: Record<string, Tensor>;
    outputs: Record<string, Tensor>;
  };
}

/** Named float32 values that live on the device between calls and are shared by the steps compiled over them. */
export interface Variables {
  readonly specs: Record<string, Spec>;
  /** Copies to the host, for checkpoints and tests. */
  read(): Promise<Record<string, Float32Array>>;
  /** Replaces the values of the variables named; the others stay. @throws AppError for a wrong name or size. */
  write(values: Record<string, Float32Array>): void;
  dispose(): Promise<void>;
}

export interface CompiledStep {
  /**
   * Runs once: variables are updated in place, outputs come back to the host as float32 (1 and 0 for bool).
   * One call at a time per device. @throws AppError `out_of_memory` if the device has too little.
   */
  run(inputs: Record<string, HostArray>): Promise<Record<string, Float32Array>>;
  dispose(): Promise<void>;
}

export interface ComputeDevice {
  readonly name: DeviceName;
  readonly title: string;
  variables(initial: Record<string, Values>): Variables;
  /** Traces and compiles for the shapes of the step. @throws AppError naming a kernel the tracer does not know. */
  compile(step: Step, variables: Variables): Promise<CompiledStep>;
  dispose(): Promise<void>;
}
