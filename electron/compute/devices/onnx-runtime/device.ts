// Devices of ONNX Runtime: cpu, webgpu, cuda, directml and coreml by one code path.
// Role: which providers there are; a step from its trace to a session. Limits: ONNX Runtime's Node binding runs a step on
// the calling thread, between two turns of the event loop.
import { availableParallelism } from 'node:os';
import { AppError } from '../../../../shared/errors.ts';
import { describeDevice } from '../../catalogue.ts';
import type { ComputeDevice, DeviceName } from '../../device.ts';
import { halfProducts } from '../../graph/half.ts';
import { spreadRows } from '../../graph/rows.ts';
import { simplify } from '../../graph/simplify.ts';
import { graphName, traceStep } from '../../trace/trace.ts';
import { checkVariables } from '../check.ts';
import { downloader } from './download.ts';
import { mixedError } from './errors.ts';
import { leaseSession, type Runtime, sessionOpener, sessionsOver } from './sessions.ts';
import { ortStep } from './step.ts';
import { OrtVariables } from './variables.ts';

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
 * Loads ONNX Runtime with its telemetry off. From version 1.29 on its builds for Linux and macOS keep a device id and a
 * database of events in the user's cache folder and send them to their maker, unless this is set before they start.
 */
function loadRuntime(): Promise<Runtime> {
  process.env.ORT_DISABLE_TELEMETRY = '1';
  return import('onnxruntime-node');
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
    runtime = await loadRuntime();
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
  const sessions = sessionsOver(sessionOpener(runtime, provider, threads));
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
      const compiled = ortStep(runtime, sessions, { step, graph, lease, variables, resident });
      // Some drivers say what they lack when a step first runs.
      return {
        run: (inputs) => compiled.run(inputs).catch(explained),
        dispose: () => compiled.dispose(),
      };
    },
    dispose: () => sessions.dropUnused(),
  };
}
