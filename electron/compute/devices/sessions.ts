// Sessions of one device by the graph they run: a step that was compiled before, over whatever variables, starts at once.
// Role: counts users, keeps the last few graphs nobody uses. Limits: knows no step; values live outside sessions.
import { createHash } from 'node:crypto';
import type { InferenceSession } from 'onnxruntime-node';

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
