// Sessions of one device by the graph they run: a step that was compiled before, over whatever variables, starts at once.
// Role: opens them, counts users, keeps the last few graphs nobody uses. Limits: knows no step; values live outside sessions.
import { createHash } from 'node:crypto';
import type { InferenceSession } from 'onnxruntime-node';
import type { Graph } from '../../graph/graph.ts';
import { onnxModel } from '../../onnx/model.ts';
import { deviceError } from './errors.ts';

export type Runtime = typeof import('onnxruntime-node');

/** Unused sessions that are kept: those of a training that comes in rounds. Each holds the memory of its activations. */
const KEPT = 4;

export interface Lease {
  session: InferenceSession;
  release(): Promise<void>;
}

export interface Sessions {
  /** A session over this model, the same one for the same bytes and names. */
  lease(model: Uint8Array, onDevice: readonly string[]): Promise<Lease>;
  /** Gives back the memory of sessions that nobody uses, now and, where memory is short, from now on. */
  dropUnused(fromNowOn?: boolean): Promise<void>;
}

interface Entry {
  session: Promise<InferenceSession>;
  users: number;
}

/** @param create makes a session whose outputs `onDevice` stay on the device. */
export function sessionsOver(
  create: (model: Uint8Array, onDevice: readonly string[]) => Promise<InferenceSession>,
): Sessions {
  let kept = KEPT;
  // In the order in which they were last given back or made.
  const entries = new Map<string, Entry>();
  const trim = async (most: number): Promise<void> => {
    const unused = [...entries].filter(([, { users }]) => users === 0);
    for (const [key, { session }] of unused.slice(0, Math.max(0, unused.length - most))) {
      entries.delete(key);
      await (await session).release();
    }
  };
  return {
    async lease(model, onDevice) {
      const key = createHash('sha256').update(model).update(onDevice.join('\0')).digest('hex');
      const entry = entries.get(key) ?? { session: create(model, onDevice), users: 0 };
      entries.set(key, entry);
      entry.users++;
      let session: InferenceSession;
      try {
        session = await entry.session;
      } catch (thrown) {
        entries.delete(key);
        throw thrown;
      }
      let leased = true;
      return {
        session,
        async release() {
          if (!leased) return;
          leased = false;
          entry.users--;
          entries.delete(key);
          entries.set(key, entry);
          await trim(kept);
        },
      };
    },
    dropUnused(fromNowOn = false) {
      if (fromNowOn) kept = 0;
      return trim(0);
    },
  };
}

/** Opens sessions of one provider, with the outputs that stay on the device named; all others come back. */
export const sessionOpener =
  (runtime: Runtime, provider: string, threads: number) =>
  (model: Uint8Array, onDevice: readonly string[]): Promise<InferenceSession> => {
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
export async function leaseSession(
  sessions: Sessions,
  graph: Graph,
  onDevice: readonly string[],
): Promise<Lease> {
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
