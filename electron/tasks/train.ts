// Trains one run: features in, segment scores and pseudo-labels out.
// Role: joins feature files, a device, a method and its checkpoints. Limits: no method knowledge, no database.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { ComputeDevice } from '../compute/device.ts';
import { openDevice } from '../compute/devices/open.ts';
import { type OpenedFeatures, openFeatures } from '../features/load.ts';
import type { Rehearsal } from '../features/rehearsal.ts';
import { putArtifact, writeFileAtomic } from '../files/atomic.ts';
import { someOf } from '../formats/lines.ts';
import { methods } from '../methods/index.ts';
import type { TrainInput, TrainOutput } from '../methods/method.ts';
import { peakMemory } from './memory.ts';
import type { TaskContext, TaskOf, TaskResult } from './protocol.ts';
import { readSeen } from './seen.ts';
import { readWeights } from './weights.ts';

const MIB = 2 ** 20;
/** What features get at least where nothing is set, however little is free. */
const LEAST = 256 * MIB;

/** Bytes of features that may be in memory: as set, or half of what is free. */
function memoryFor(memoryMiB: number | null): number {
  return memoryMiB === null ? Math.max(LEAST, process.availableMemory() / 2) : memoryMiB * MIB;
}

/** What a training and its rehearsal have in common. */
export interface Training {
  output: TrainOutput;
  device: ComputeDevice | null;
  features: Pick<OpenedFeatures, 'bytes' | 'stored' | 'unread'>;
  /** Bytes of features that could be in memory. */
  budget: number;
  /** Seconds of its parts. */
  timings: Record<string, number>;
}

/**
 * Opens features and device, and trains.
 * @param checkpoints where they are read from and go to. @param rehearsal the training is only begun, as `TrainInput.rehearsal`.
 */
export async function train(
  task: Omit<TaskOf<'train'>, 'kind'>,
  context: TaskContext,
  { load, save }: { load: TrainInput['loadCheckpoint']; save: TrainInput['saveCheckpoint'] },
  rehearsal?: Rehearsal,
): Promise<Training> {
  const timings: Record<string, number> = {};
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const value = await work();
    timings[name] = (performance.now() - start) / 1000;
    return value;
  };
  const method = methods[task.method];
  context.progress(0, task.features.length, 'videos', 'Reading features');
  const budget = memoryFor(task.memoryMiB);
  const features = await timed('load', () =>
    openFeatures(task.features, {
      budget,
      scratch: task.checkpoints,
      signal: context.signal,
      progress: context.progress,
      rehearsal,
    }),
  );
  const { videos } = features;
  let device: ComputeDevice | null = null;
  try {
    const seen = await timed('objects', () => readSeen(task.seen, method.cubes(task.config), context));
    const weights = task.weights === null ? undefined : await readWeights(task.weights);
    device = method.needsDevice
      ? await openDevice(task.device, { mixedPrecision: task.mixedPrecision })
      : null;
    const output = await timed('train', () =>
      method.train(
        {
          videos,
          videoLabels: task.features.map((file) => file.videoLabel),
          ...seen,
          ...(weights && { weights }),
          extractor: task.extractor,
          seed: task.seed,
          device,
          signal: context.signal,
          progress: context.progress,
          points: (points) => context.send({ type: 'points', points }),
          maps: (maps) => context.send({ type: 'maps', maps }),
          loadCheckpoint: load,
          saveCheckpoint: save,
          rehearsal,
        },
        task.config,
      ),
    );
    return { output, device, features, budget, timings };
  } finally {
    await device?.dispose();
    features.close();
  }
}

export async function runTrain(task: TaskOf<'train'>, context: TaskContext): Promise<TaskResult> {
  const checkpoint = join(task.checkpoints, 'last.checkpoint');
  let resumed = false as boolean;
  const { output, device, features, budget, timings } = await train(task, context, {
    async load() {
      const bytes = await readFile(checkpoint).catch(() => null);
      resumed = bytes !== null;
      return bytes;
    },
    async save(bytes) {
      await writeFileAtomic(checkpoint, bytes);
      context.send({ type: 'checkpoint' });
    },
  });
  for (const video of output.videos) {
    if (video.scores.some((score) => !Number.isFinite(score))) {
      throw new AppError(
        'internal',
        `Training diverged: video ${video.videoId} has scores that are not numbers. Lower the learning rate or check the features.`,
      );
    }
  }
  const model = output.model && (await putArtifact(task.artifacts, output.model));
  await rm(task.checkpoints, { recursive: true, force: true });
  return {
    kind: 'train',
    videos: output.videos,
    model,
    threshold: output.threshold,
    notes: [...output.notes, ...unmatchedNote(task)],
    provenance: {
      ...output.provenance,
      ...labelRecord(task),
      device: device && {
        name: device.name,
        title: device.title,
        ...(task.mixedPrecision && { mixedPrecision: true }),
      },
      features: {
        bytes: features.bytes,
        ...(features.stored ? { readFromFiles: true, memoryMiB: Math.round(budget / MIB) } : {}),
      },
      process: { peakBytes: peakMemory(), ...(resumed && { resumed }) },
    },
    timings,
  };
}

/** A list that was meant for other videos is no reason to fail, but to say so. */
function unmatchedNote({ labelSource }: TaskOf<'train'>): string[] {
  if (!labelSource || labelSource.unmatched.length === 0) return [];
  const { file, unmatched } = labelSource;
  const fit = unmatched.length === 1 ? '1 name in it fits' : `${unmatched.length} names in it fit`;
  return [`Video labels came from ${file}; ${fit} no video of these features: ${someOf(unmatched)}.`];
}

/** Which known labels of whole videos the run had, for its record; nothing where it asked for none. */
function labelRecord({ labelSource, features }: TaskOf<'train'>): Record<string, unknown> {
  if (!labelSource) return {};
  const count = (wanted: 0 | 1 | null): number =>
    features.filter(({ videoLabel }) => videoLabel === wanted).length;
  return {
    videoLabels: { ...labelSource, anomalous: count(1), normal: count(0), unknown: count(null) },
  };
}
