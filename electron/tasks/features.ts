// Imports ready features: each file is checked, brought to our shape and stored. Role: one message per file as soon as
// it is done. Limits: knows no videos; the engine matches relPath (without extension) to them.
import { readFile, stat } from 'node:fs/promises';
import { AppError, toErrorData } from '../../shared/errors.ts';
import { type ReadyFeatures, readReadyFeatures } from '../features/ready.ts';
import { putArtifact } from '../files/atomic.ts';
import { writeNpy } from '../formats/npy.ts';
import type { TaskContext, TaskOf, TaskResult } from './protocol.ts';

const LARGEST = 2 ** 31 - 1;

/**
 * Refused files are listed with their reason in the result and do not stop the others. All files of one import have
 * the crops and dimension of the first good one.
 * @throws AppError `cancelled`, or when the artifacts cannot be written
 */
export async function runFeatures(task: TaskOf<'features'>, context: TaskContext): Promise<TaskResult> {
  const problems: string[] = [];
  let first: (ReadyFeatures & { path: string }) | null = null;
  for (const [done, { path, relPath }] of task.files.entries()) {
    if (context.signal.aborted) throw new AppError('cancelled', 'Cancelled.');
    context.progress(done, task.files.length, 'files', relPath);
    const started = performance.now();
    let features: ReadyFeatures;
    try {
      features = readReadyFeatures(await readWhole(path), path);
      first ??= { ...features, data: new Float32Array(0), path };
      requireSameKind(features, first, path);
    } catch (error) {
      problems.push(toErrorData(error).message);
      continue;
    }
    const { segments, crops, dim, data } = features;
    const file = await putArtifact(task.artifacts, writeNpy(data, [segments, crops, dim], 'f4'));
    const seconds = (performance.now() - started) / 1000;
    const item = {
      videoId: null,
      relPath: relPath.replace(/\.[^./]+$/, ''),
      segments,
      crops,
      dim,
      file,
      seconds,
      problem: null,
    };
    context.send({ type: 'extracted', item });
  }
  context.progress(task.files.length, task.files.length, 'files', 'Features imported');
  return { kind: 'features', problems };
}

/** @throws AppError `unsupported` for files that Node cannot read at once */
async function readWhole(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size > LARGEST) {
    throw new AppError(
      'unsupported',
      `${path} has ${(size / 2 ** 30).toFixed(1)} GiB; the largest feature file that can be read has 2 GiB. Save it as float16, or cut the video into parts.`,
      { path, size },
    );
  }
  return readFile(path);
}

function requireSameKind(
  features: ReadyFeatures,
  first: ReadyFeatures & { path: string },
  path: string,
): void {
  if (features.crops === first.crops && features.dim === first.dim) return;
  throw new AppError(
    'bad_input',
    `${path} has ${features.crops} crops of ${features.dim} numbers, ${first.path} has ${first.crops} of ${first.dim}. Import features of different kinds one by one, each under its own name.`,
    { path },
  );
}
