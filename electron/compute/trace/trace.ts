// Runs a step once on the recording backend and returns its graph.
// Role: the border between TF.js and graphs. Limits: the shapes of the step are those of the graph.
import { engine, setBackend, type Tensor, tidy } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { AppError } from '../../../shared/errors.ts';
import type { Spec, Step } from '../device.ts';
import { type Graph, type InputValue, input, sameShape, type Value } from '../graph/graph.ts';
import { graphValue, handle, TRACE_BACKEND } from './backend.ts';
import { registerKernels } from './kernels/index.ts';

/** Names inside a graph: variables and inputs of a step may be called alike. */
export const graphName = {
  variable: (name: string) => `variable ${name}`,
  input: (name: string) => `input ${name}`,
  updated: (name: string) => `updated ${name}`,
  output: (name: string) => `output ${name}`,
};

function place(stack: string): string {
  const frame = stack
    .split('\n')
    .find(
      (line) =>
        /^\s+at /.test(line) &&
        !/tfjs-core|node_modules|node:|electron[\\/]compute[\\/](trace[\\/]|autodiff|optimisers)/.test(line),
    );
  return frame?.match(/([^\s(\\/]+:\d+):\d+\)?$/)?.[1] ?? 'unknown line';
}

function traceError(step: Step, thrown: unknown): AppError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const at = place(error.stack ?? '');
  const kernel = error.message.match(/^Kernel '(\w+)' not registered/)?.[1];
  const gradient = error.message.match(/gradient function not found for (\w+)/)?.[1];
  const details = { step: step.name, at, ...((kernel ?? gradient) && { kernel: kernel ?? gradient }) };
  if (kernel) {
    return new AppError(
      'unsupported',
      `The step "${step.name}" uses the TF.js kernel ${kernel} at ${at}, which cannot be compiled. Write it with other operations or add the kernel to the tracer.`,
      details,
      error,
    );
  }
  if (gradient) {
    return new AppError(
      'unsupported',
      `The step "${step.name}" differentiates ${gradient} at ${at}, which has no gradient in TF.js.`,
      details,
      error,
    );
  }
  const code = error instanceof AppError ? error.code : 'internal';
  return new AppError(code, `The step "${step.name}" failed at ${at}: ${error.message}`, details, error);
}

/**
 * The graph of a step, as recorded: not simplified yet. Its inputs and outputs carry the names of `graphName`; those
 * that no output depends on are left out of `inputs`.
 * @throws AppError `unsupported` naming the kernel, the step and the line; `internal` for a step that breaks the rules
 * (reads data, returns another shape than its variable has).
 */
export function traceStep(step: Step): Graph {
  registerKernels();
  const before = engine().backendName;
  const inputs: InputValue[] = [];
  const outputs: Record<string, Value> = {};
  const feed = (specs: Record<string, Spec>, name: (key: string) => string): Record<string, Tensor> =>
    Object.fromEntries(
      Object.entries(specs).map(([key, { shape, dtype = 'float32' }]) => {
        const value = input(name(key), shape, dtype);
        inputs.push(value);
        return [key, engine().makeTensorFromTensorInfo(handle(value))];
      }),
    );
  // Numbers drawn while tracing would be constants of the graph: the same in every step. TF.js seeds itself with these.
  const { random } = Math;
  Math.random = () => {
    throw new AppError(
      'unsupported',
      'it draws random numbers. Draw them outside (compute/random.ts) and make them an input of the step.',
    );
  };
  // TF.js lies between the step and the kernel with more frames than a stack keeps by default.
  const stackLimit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  try {
    // The recording backend starts without waiting, so the change is in force when this call returns.
    void setBackend(TRACE_BACKEND);
    tidy(() => {
      const result = step.run(feed(step.variables, graphName.variable), feed(step.inputs, graphName.input));
      for (const [key, tensor] of Object.entries(result.variables ?? {})) {
        const spec = step.variables[key];
        if (!spec) throw new AppError('internal', `it returns a variable "${key}" that it did not declare.`);
        if (!sameShape(tensor.shape, spec.shape)) {
          throw new AppError(
            'internal',
            `it turns the variable "${key}" from [${spec.shape}] to [${tensor.shape}].`,
          );
        }
        outputs[graphName.updated(key)] = graphValue(tensor);
      }
      for (const [key, tensor] of Object.entries(result.outputs))
        outputs[graphName.output(key)] = graphValue(tensor);
    });
  } catch (thrown) {
    throw traceError(step, thrown);
  } finally {
    Error.stackTraceLimit = stackLimit;
    Math.random = random;
    if (before) void setBackend(before);
  }
  return { name: step.name, inputs, outputs };
}
