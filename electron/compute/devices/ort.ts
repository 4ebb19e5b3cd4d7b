// Devices of ONNX Runtime: cpu, webgpu, cuda, directml and coreml by one code path.
// Role: compiles a traced step to a session and keeps variables where the device wants them. Limits: ONNX Runtime's
// Node binding runs a step on the calling thread, between two turns of the event loop.
import { availableParallelism } from 'node:os';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { AppError } from '../../../shared/errors.ts';
import { describeDevice } from '../catalogue.ts';
import type {
  CompiledStep,
  ComputeDevice,
  DeviceName,
  HostArray,
  Step,
  Values,
  Variables,
} from '../device.ts';
import type { Graph } from '../graph/graph.ts';
import { halfProducts } from '../graph/half.ts';
import { spreadRows } from '../graph/rows.ts';
import { simplify } from '../graph/simplify.ts';
import { onnxModel } from '../onnx/model.ts';
import { graphName, traceStep } from '../trace/trace.ts';
import { checkedInput, checkedValues, checkVariables } from './check.ts';
import { type Lease, type Sessions, sessionsOver } from './sessions.ts';

type Runtime = typeof import('onnxruntime-node');
export type OrtDeviceName = Exclude<DeviceName, 'tensorflow'>;

/** Names of the execution providers, and whether outputs can stay on the device between two calls. */
const PROVIDERS: Record<OrtDeviceName, { provider: string; resident: boolean }> = {
  cpu: { provider: 'cpu', resident: false },
  webgpu: { provider: 'webgpu', resident: true },
  cuda: { provider: 'cuda', resident: false },
  directml: { provider: 'dml', resident: false },
  coreml: { provider: 'coreml', resident: false },
};

export const isOrtDevice = (name: string): name is OrtDeviceName => Object.hasOwn(PROVIDERS, name);

const CUDA_MISSING = `The CUDA part of ONNX Runtime, CUDA 12 or cuDNN 9 is missing. With an NVIDIA GPU, run this command in the folder of Zerolabel, which downloads the part: ${describeDevice('cuda').install}`;

function deviceError(thrown: unknown, what: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (/failed to get a webgpu adapter|no supported adapters/i.test(message)) {
    return new AppError(
      'unavailable',
      'No graphics adapter with a working driver was found.',
      { message },
      thrown,
    );
  }
  if (/providers?_cuda|libcu(dnn|blas|dart)|append.*cuda/i.test(message)) {
    return new AppError('unavailable', CUDA_MISSING, { message }, thrown);
  }
  const memory = /out of memory|bad_alloc|failed to allocate|allocation (failed|size)|OutOfMemory/i.test(
    message,
  );
  if (memory) {
    return new AppError(
      'out_of_memory',
      `The device ran out of memory while ${what}. Use a smaller batch.`,
      { message },
      thrown,
    );
  }
  return new AppError('internal', `The device failed while ${what}: ${message}`, { message }, thrown);
}

/** The error of a step in mixed precision: where the device cannot, the way out is beside it. */
function mixedError(thrown: unknown, title: string): unknown {
  if (!(thrown instanceof AppError) || thrown.code !== 'internal') return thrown;
  return new AppError(
    'unavailable',
    `${title} cannot train in mixed precision here: its adapter or driver may lack float16 (shader-f16). Train without mixed precision. ${thrown.message}`,
    thrown.details,
    thrown,
  );
}

/**
 * Variables of ONNX Runtime, on the host or on the device. A step reads the current tensor and returns another one. Host
 * buffers are not handed in to be filled: the binding would fill them and return a copy all the same.
 */
class OrtVariables implements Variables {
  readonly specs: Record<string, { shape: number[] }> = {};
  readonly slots = new Map<string, Tensor>();
  readonly #releases: Array<() => Promise<void>> = [];
  readonly #runtime: Runtime;
  readonly #download: (variables: OrtVariables) => Promise<Record<string, Float32Array>>;

  constructor(
    runtime: Runtime,
    initial: Record<string, Values>,
    download: (variables: OrtVariables) => Promise<Record<string, Float32Array>>,
  ) {
    this.#runtime = runtime;
    this.#download = download;
    for (const [name, { shape, data }] of Object.entries(initial)) {
      this.specs[name] = { shape };
      checkedValues(this.specs, name, data);
      this.slots.set(name, this.#slot(shape, data));
    }
  }

  #slot(shape: number[], data: Float32Array): Tensor {
    return new this.#runtime.Tensor('float32', data.slice(), shape);
  }

  /** Takes over what a session returned for a variable. */
  update(name: string, returned: Tensor): void {
    const old = this.slots.get(name)!;
    this.slots.set(name, returned);
    if (old.location === 'gpu-buffer') old.dispose();
  }

  async read(): Promise<Record<string, Float32Array>> {
    const values: Record<string, Float32Array> = {};
    const remote = [...this.slots.values()].some((current) => current.location !== 'cpu');
    const downloaded = remote ? await this.#download(this) : {};
    for (const [name, current] of this.slots) {
      values[name] = current.location === 'cpu' ? (current.data as Float32Array).slice() : downloaded[name]!;
    }
    return values;
  }

  write(values: Record<string, Float32Array>): void {
    for (const [name, data] of Object.entries(values)) {
      checkedValues(this.specs, name, data);
      const current = this.slots.get(name)!;
      if (current.location === 'cpu') {
        (current.data as Float32Array).set(data);
      } else {
        current.dispose();
        this.slots.set(name, this.#slot(this.specs[name]!.shape, data));
      }
    }
  }

  /** Runs when the values are gone: buffers on a device must not outlive the session that made them. */
  afterDispose(release: () => Promise<void>): void {
    this.#releases.push(release);
  }

  async dispose(): Promise<void> {
    for (const current of this.slots.values()) if (current.location === 'gpu-buffer') current.dispose();
    this.slots.clear();
    for (const release of this.#releases.splice(0)) await release();
  }
}

/** Opens sessions of one provider, with the outputs that stay on the device named; all others come back. */
const sessionOpener =
  (runtime: Runtime, name: OrtDeviceName, threads: number) =>
  (model: Uint8Array, onDevice: readonly string[]): Promise<InferenceSession> => {
    const { provider } = PROVIDERS[name];
    const locations = Object.fromEntries(onDevice.map((output) => [output, 'gpu-buffer' as const]));
    return runtime.InferenceSession.create(model, {
      executionProviders: [provider],
      intraOpNumThreads: threads,
      graphOptimizationLevel: 'all',
      // Errors only: warnings speak of operators that stay on the CPU, which shapes do on purpose.
      logSeverityLevel: 3,
      // Idle threads sleep: the same speed, and the machine stays usable between two steps.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
      ...(onDevice.length > 0 && { preferredOutputLocation: locations }),
    });
  };

/**
 * A session over a graph. Where the device has too little memory, unused sessions make room first.
 * @throws AppError `out_of_memory`
 */
async function leaseSession(sessions: Sessions, graph: Graph, onDevice: readonly string[]): Promise<Lease> {
  const what = `compiling the step "${graph.name}"`;
  const model = onnxModel(graph);
  try {
    return await sessions.lease(model, onDevice);
  } catch (thrown) {
    const error = deviceError(thrown, what);
    if (error.code !== 'out_of_memory') throw error;
    await sessions.dropUnused(true);
    return await sessions.lease(model, onDevice).catch((again) => {
      throw deviceError(again, what);
    });
  }
}

class OrtStep implements CompiledStep {
  readonly #runtime: Runtime;
  readonly #lease: Lease;
  readonly #sessions: Sessions;
  readonly #step: Step;
  readonly #graph: Graph;
  readonly #variables: OrtVariables;
  readonly #resident: boolean;

  constructor(
    runtime: Runtime,
    sessions: Sessions,
    lease: Lease,
    step: Step,
    graph: Graph,
    variables: OrtVariables,
    resident: boolean,
  ) {
    this.#runtime = runtime;
    this.#sessions = sessions;
    this.#lease = lease;
    this.#step = step;
    this.#graph = graph;
    this.#variables = variables;
    this.#resident = resident;
  }

  /** The variable an output of the graph belongs to, or null. */
  #updated(output: string): string | null {
    const prefix = graphName.updated('');
    return output.startsWith(prefix) ? output.slice(prefix.length) : null;
  }

  async run(inputs: Record<string, HostArray>): Promise<Record<string, Float32Array>> {
    const runtime = this.#runtime;
    const { session } = this.#lease;
    const needed = new Set(this.#graph.inputs.map((x) => x.name));
    const feeds: Record<string, Tensor> = {};
    for (const [name, current] of this.#variables.slots) {
      if (needed.has(graphName.variable(name))) feeds[graphName.variable(name)] = current;
    }
    for (const name of Object.keys(this.#step.inputs)) {
      const array = checkedInput(this.#step, name, inputs);
      if (!needed.has(graphName.input(name))) continue;
      const { shape, dtype = 'float32' } = this.#step.inputs[name]!;
      feeds[graphName.input(name)] = new runtime.Tensor(dtype as 'float32', array as Float32Array, shape);
    }
    let results: InferenceSession.ReturnType;
    try {
      results = await session.run(feeds);
    } catch (thrown) {
      const error = deviceError(thrown, `running the step "${this.#step.name}"`);
      // The caller tries again with smaller batches; what is left of these would be in its way.
      if (error.code === 'out_of_memory') await this.#sessions.dropUnused(true);
      throw error;
    }
    const outputs: Record<string, Float32Array> = {};
    for (const [name, result] of Object.entries(results)) {
      const variable = this.#updated(name);
      if (variable !== null) this.#variables.update(variable, result as Tensor);
      else {
        const data = result.data as HostArray;
        outputs[name.slice(graphName.output('').length)] =
          data instanceof Float32Array ? data : Float32Array.from(data);
      }
    }
    return outputs;
  }

  async dispose(): Promise<void> {
    const { release } = this.#lease;
    if (this.#resident && this.#variables.slots.size > 0) this.#variables.afterDispose(release);
    else await release();
  }
}

/** Copies variables from the device through a graph that only hands them on. */
function downloader(sessions: Sessions) {
  return async (variables: OrtVariables): Promise<Record<string, Float32Array>> => {
    const remote = [...variables.slots].filter(([, current]) => current.location !== 'cpu');
    const step: Step = {
      name: 'download',
      variables: Object.fromEntries(remote.map(([key]) => [key, variables.specs[key]!])),
      inputs: {},
      run: (values) => ({ outputs: values }),
    };
    const { session, release } = await leaseSession(sessions, simplify(traceStep(step)), []);
    try {
      const feeds = Object.fromEntries(remote.map(([key, current]) => [graphName.variable(key), current]));
      const results = await session.run(feeds);
      return Object.fromEntries(
        remote.map(([key]) => [key, (results[graphName.output(key)]!.data as Float32Array).slice()]),
      );
    } finally {
      await release();
    }
  };
}

/** Whether the installed runtime was built with this provider. */
async function supports(runtime: Runtime, provider: string): Promise<boolean> {
  return runtime.listSupportedBackends().some((b) => b.name === provider);
}

export interface OrtOptions {
  /** CPU threads of one operator; default all. */
  threads?: number;
  /** Whether products of steps that change variables compute in float16 (graph/half.ts). Scores never do. */
  mixedPrecision?: boolean;
}

/**
 * Opens a device of ONNX Runtime. A device that is opened may still fail when it compiles its first step: drivers
 * start then (see probe.ts).
 * @throws AppError `unavailable` when the installed runtime does not contain this provider.
 */
export async function openOrtDevice(
  name: OrtDeviceName,
  { threads = availableParallelism(), mixedPrecision = false }: OrtOptions = {},
): Promise<ComputeDevice> {
  const { provider, resident } = PROVIDERS[name];
  const { title } = describeDevice(name);
  let runtime: Runtime;
  try {
    runtime = await import('onnxruntime-node');
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError('unavailable', `ONNX Runtime could not be loaded: ${message}`, {}, thrown);
  }
  if (!(await supports(runtime, provider))) {
    throw new AppError(
      'unavailable',
      `${title} is not part of the ONNX Runtime that is installed on this system.`,
    );
  }
  const sessions = sessionsOver(sessionOpener(runtime, name, threads));
  return {
    name,
    title,
    variables: (initial) => new OrtVariables(runtime, initial, downloader(sessions)),
    async compile(step, variables) {
      if (!(variables instanceof OrtVariables))
        throw new AppError('internal', 'These variables belong to another device.');
      checkVariables(step, variables.specs);
      const simple = simplify(traceStep(step));
      const updated = Object.keys(simple.outputs).filter((o) => o.startsWith(graphName.updated('')));
      const mixed = mixedPrecision && updated.length > 0;
      const whole = name === 'cpu' ? spreadRows(simple) : simple;
      const graph = mixed ? halfProducts(simple) : whole;
      const explained = (thrown: unknown): never => {
        throw mixed ? mixedError(thrown, title) : thrown;
      };
      const lease = await leaseSession(sessions, graph, resident ? updated : []).catch(explained);
      const compiled = new OrtStep(runtime, sessions, lease, step, graph, variables, resident);
      // Some drivers say what they lack when a step first runs.
      return {
        run: (inputs) => compiled.run(inputs).catch(explained),
        dispose: () => compiled.dispose(),
      };
    },
    dispose: () => sessions.dropUnused(),
  };
}
