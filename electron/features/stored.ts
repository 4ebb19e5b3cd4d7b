// Feature files that are read a few vectors at a time. Role: opens .npy files of float32 or half floats once their shape
// is checked, and closes those that were not asked for lately. Limits: reads are synchronous: one that the system has in
// memory takes some microseconds, and training reads ahead while the device computes (segment-pool.ts).
import { appendFileSync, closeSync, mkdirSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { halfFloats, type NpyHeader } from '../formats/npy.ts';
import type { FeatureFile } from './types.ts';

/** Files open at a time; systems allow a process between 256 and some thousands. */
const OPEN = 128;
/** Name of the file for numbers that were made from features. What a killed run has left of it is written over. */
const MADE = 'features.tmp';

export interface FeatureStore {
  /** @param name how errors call the file. */
  file(path: string, name: string, header: Pick<NpyHeader, 'type' | 'offset'>): FeatureFile;
  /** Closes all files and removes what was kept; reading features goes on to work by opening them anew. */
  close(): void;
}

/**
 * @param budget bytes that whoever reads from these files may hold of them at a time.
 * @param scratch folder for `FeatureFile.keep`, of this set alone; made when it is needed. Null: nothing will be kept.
 */
export function openFeatureStore(budget: number, scratch: string | null): FeatureStore {
  // In the order of last use.
  const open = new Map<string, number>();
  const descriptorOf = (path: string): number => {
    const known = open.get(path);
    if (known !== undefined) {
      open.delete(path);
      open.set(path, known);
      return known;
    }
    const oldest = open.entries().next();
    if (open.size >= OPEN && !oldest.done) {
      open.delete(oldest.value[0]);
      closeSync(oldest.value[1]);
    }
    const descriptor = openSync(path, 'r');
    open.set(path, descriptor);
    return descriptor;
  };
  const readAll = (path: string, name: string, target: Uint8Array, position: number): void => {
    let done = 0;
    try {
      const descriptor = descriptorOf(path);
      while (done < target.length) {
        const count = readSync(descriptor, target, done, target.length - done, position + done);
        if (count === 0) break;
        done += count;
      }
    } catch (thrown) {
      throw new AppError(
        'damaged',
        `${name} cannot be read any more: ${thrown instanceof Error ? thrown.message : String(thrown)}. See that its disk is there, then start the run again.`,
        { path },
        thrown,
      );
    }
    if (done < target.length) {
      throw new AppError(
        'damaged',
        `${name} became shorter while it was in use. Extract or import the features again.`,
        { path },
      );
    }
  };
  let halves = new Uint16Array(0);
  let kept = 0;
  const keep = (data: Float32Array): FeatureFile => {
    if (scratch === null)
      throw new AppError('internal', 'These features have no folder for what is made from them.');
    const made = join(scratch, MADE);
    if (kept === 0) {
      mkdirSync(scratch, { recursive: true });
      rmSync(made, { force: true });
    }
    appendFileSync(made, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    const offset = kept;
    kept += data.byteLength;
    return fileOf(made, `The file of pooled features (${made})`, { type: 'f4', offset });
  };
  const fileOf: FeatureStore['file'] = (path, name, { type, offset }) => ({
    budget,
    itemBytes: type === 'f2' ? 2 : 4,
    read(at, target) {
      if (type !== 'f2') {
        const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
        readAll(path, name, bytes, offset + 4 * at);
        return;
      }
      if (halves.length < target.length) halves = new Uint16Array(target.length);
      const read = halves.subarray(0, target.length);
      readAll(path, name, new Uint8Array(read.buffer, 0, read.byteLength), offset + 2 * at);
      halfFloats(read, target);
    },
    keep,
  });
  return {
    file: fileOf,
    close() {
      for (const descriptor of open.values()) closeSync(descriptor);
      open.clear();
      if (scratch !== null && kept > 0) rmSync(join(scratch, MADE), { force: true });
      kept = 0;
    },
  };
}
