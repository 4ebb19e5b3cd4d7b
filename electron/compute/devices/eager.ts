// Devices that compute with a TF.js backend, operation by operation.
// Role: the same steps on another engine. Limits: TF.js' engine is global, so only one step runs at a time.
import { engine, ready, setBackend, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { AppError } from '../../../shared/errors.ts';
import type {
  CompiledStep,
  ComputeDevice,
  DeviceName,
  HostArray,
  Step,
  Values,
  Variables,
} from '../device.ts';
import { checkedInput, checkedValues, checkVariables } from './check.ts';

class EagerVariables implements Variables {
  readonly specs: Record<string, { shape: number[] }> = {};
  readonly tensors = new Map<string, Tensor>();
  readonly #enter: () => void;

  constructor(enter: () => void, initial: Record<string, Values>) {
    this.#enter = enter;
    enter();
    for (const [name, { shape, data }] of Object.entries(initial)) {
      this.specs[name] = { shape };
      checkedValues(this.specs, name, data);
      this.tensors.set(name, tensor(data.slice(), shape, 'float32'));
    }
  }

  async read(): Promise<Record<string, Float32Array>> {
    this.#enter();
    return Object.fromEntries(
      [...this.tensors].map(([name, t]) => [name, Float32Array.from(t.dataSync<'float32'>())]),
    );
  }

  write(values: Record<string, Float32Array>): void {
    this.#enter();
    for (const [name, data] of Object.entries(values)) {
      checkedValues(this.specs, name, data);
      this.tensors.get(name)!.dispose();
      this.tensors.set(name, tensor(data.slice(), this.specs[name]!.shape, 'float32'));
    }
  }

  async dispose(): Promise<void> {
    for (const t of this.tensors.values()) t.dispose();
    this.tensors.clear();
  }
}

function runEagerly(
  step: Step,
  variables: EagerVariables,
  inputs: Record<string, HostArray>,
): Record<string, Tensor> {
  return tidy(() => {
    const fed = Object.fromEntries(
      Object.entries(step.inputs).map(([name, { shape, dtype = 'float32' }]) => [
        name,
        tensor(checkedInput(step, name, inputs), shape, dtype),
      ]),
    );
    const current = Object.fromEntries(
      Object.keys(step.variables).map((name) => [name, variables.tensors.get(name)!]),
    );
    const result = step.run(current, fed);
    // Outputs before updates: a step may return a current variable as an output.
    const kept: Record<string, Tensor> = {};
    for (const [name, t] of Object.entries(result.outputs)) kept[`output ${name}`] = t.clone();
    for (const [name, t] of Object.entries(result.variables ?? {})) kept[`updated ${name}`] = t.clone();
    return kept;
  });
}

/** A device over a registered TF.js backend. @throws AppError `unavailable` if the backend does not start. */
export async function openEagerDevice(
  name: DeviceName,
  title: string,
  backend: string,
): Promise<ComputeDevice> {
  if (!(await setBackend(backend)))
    throw new AppError('unavailable', `The TF.js backend "${backend}" did not start.`);
  await ready();
  const enter = (): void => {
    // The backend runs already, so the change is in force when this returns.
    if (engine().backendName !== backend) void setBackend(backend);
  };
  return {
    name,
    title,
    variables: (initial) => new EagerVariables(enter, initial),
    async compile(step, variables): Promise<CompiledStep> {
      if (!(variables instanceof EagerVariables))
        throw new AppError('internal', 'These variables belong to another device.');
      checkVariables(step, variables.specs);
      return {
        async run(inputs) {
          enter();
          const kept = runEagerly(step, variables, inputs);
          const outputs: Record<string, Float32Array> = {};
          for (const [key, t] of Object.entries(kept)) {
            if (key.startsWith('updated ')) {
              const variable = key.slice('updated '.length);
              variables.tensors.get(variable)!.dispose();
              variables.tensors.set(variable, t);
            } else {
              outputs[key.slice('output '.length)] = Float32Array.from(t.dataSync());
              t.dispose();
            }
          }
          // Lets messages in between two steps, as ONNX Runtime does.
          await new Promise((resolve) => setImmediate(resolve));
          return outputs;
        },
        async dispose() {},
      };
    },
    async dispose() {},
  };
}
