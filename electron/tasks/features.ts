// Imports ready features: each file is checked, brought to our shape and stored. Role: one message per file as soon as
// it is done. Limits: knows no videos but what the task says; the engine has matched files to them.
import { readFile, stat } from 'node:fs/promises';
import { AppError, toErrorData } from '../../shared/errors.ts';
import { segmentsFit } from '../../shared/labels/segments.ts';
import { SEGMENT_FRAMES } from '../../shared/labels/types.ts';
import { type Joinable, joinFeatures } from '../features/join.ts';
import { type FeatureSource, loadFeatures } from '../features/load.ts';
import { type ReadyFeatures, readReadyFeatures } from '../features/ready.ts';
import { putArtifact } from '../files/atomic.ts';
import { someOf } from '../formats/lines.ts';
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
  let taken = 0;
  for (const [done, { path, relPath, videoId, frames, problem, beside }] of task.files.entries()) {
    if (context.signal.aborted) throw new AppError('cancelled', 'Cancelled.');
    context.progress(done, task.files.length, 'files', relPath);
    const started = performance.now();
    let features: ReadyFeatures;
    try {
      if (problem !== null) throw new AppError('conflict', `${path} was left out: ${problem}`, { path });
      features = readReadyFeatures(await readWhole(path), path);
      first ??= { ...features, data: new Float32Array(0), path };
      requireSameKind(features, first, path);
      if (beside) features = { ...features, ...(await joined(features, beside, path)) };
      else if (frames !== null && task.segmentation === 'frames')
        requireLength(features.segments, frames, path);
      if (task.float16) requireHalfRange(features, path);
    } catch (error) {
      problems.push(toErrorData(error).message);
      continue;
    }
    const { segments, crops, dim, data } = features;
    const type = task.float16 || features.float16 ? 'f2' : 'f4';
    const file = await putArtifact(task.artifacts, writeNpy(data, [segments, crops, dim], type));
    const seconds = (performance.now() - started) / 1000;
    const item = {
      videoId,
      relPath: relPath.replace(/\.[^./]+$/, ''),
      segments,
      crops,
      dim,
      file,
      seconds,
      problem: null,
    };
    context.send({ type: 'extracted', item });
    taken++;
  }
  if (task.without.length > 0) {
    problems.push(
      `${task.without.length} ${task.without.length === 1 ? 'video has' : 'videos have'} no file and ${task.without.length === 1 ? 'is' : 'are'} not among the new features: ${someOf(task.without)}.`,
    );
  }
  context.progress(task.files.length, task.files.length, 'files', 'Features imported');
  return { kind: 'features', taken, problems };
}

/** These features behind those that are stored of the same video. */
async function joined(features: ReadyFeatures, beside: FeatureSource, path: string): Promise<Joinable> {
  const [first] = await loadFeatures([beside]);
  return joinFeatures(first, features, path);
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

/** Features that count another kind of segment would put every label at a wrong time. */
function requireLength(segments: number, frames: number, path: string): void {
  if (segmentsFit(segments, frames)) return;
  throw new AppError(
    'bad_input',
    `${path} has ${segments} segments, which are ${segments * SEGMENT_FRAMES} frames; its video has ${frames}. Features need one segment per ${SEGMENT_FRAMES} frames of the video; those that are equal shares of it are imported as such ("zerolabel features --shares").`,
    { path, segments, frames },
  );
}

/** @throws AppError `unsupported` for numbers that would become infinite. */
function requireHalfRange({ data }: ReadyFeatures, path: string): void {
  const beyond = data.find((value) => !Number.isFinite(Math.f16round(value)));
  if (beyond === undefined) return;
  throw new AppError(
    'unsupported',
    `${path} holds ${beyond}; half floats reach 65504. Import these features without float16.`,
    { path, value: beyond },
  );
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
