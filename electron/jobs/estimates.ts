// How long a run will take, before it begins. Role: one rehearsal at a time in a process of its own, what earlier ones and
// earlier runs say, and what should be known before the start. Limits: measures nothing itself (electron/tasks/estimate.ts).
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { device, type Estimate, type EstimateRange, type Run } from '../../shared/contract/entities.ts';
import { AppError, fromErrorData } from '../../shared/errors.ts';
import { spokenBytes } from '../../shared/estimate-words.ts';
import { methods } from '../methods/index.ts';
import type { StoredRun } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import type { Child, Spawn } from '../tasks/child.ts';
import { type EstimateResult, estimateResult, fromTrainer } from '../tasks/protocol.ts';
import { requireDetections } from './detections.ts';
import { trainKind } from './kinds/train.ts';
import { type TrainPlan, trainTaskOf } from './train-task.ts';

export interface Estimates {
  /**
   * @param again whether to measure although it is known. @throws AppError `cancelled` when another one or a run took its
   *   place, `crashed` when its process ended, and what a training throws at its start
   */
  of(plan: Omit<TrainPlan, 'seed'>, again: boolean): Promise<Omit<Estimate, 'deviceTitle'>>;
  /** Ends the rehearsal that is going on. */
  stop(): void;
}

const KEY = 'estimates';
/** Rehearsals that are remembered. */
const KEPT = 60;
/** A rehearsal takes some seconds, and longer only where single steps do. */
const PATIENCE_MS = 90_000;
const NOW_MS = 120_000;

const remembered = z.array(z.object({ key: z.string(), at: z.number(), found: estimateResult }));
const used = z.object({
  process: z.object({ peakBytes: z.number(), resumed: z.boolean().optional() }).optional(),
});

/** A run of the same method with the same options on the same device. */
interface Earlier {
  seconds: number;
  peakBytes: number | null;
  /** Segments now as a multiple of those it had. */
  larger: number;
}

/** Time of a run that is somewhat larger or smaller than earlier ones. Earlier runs differ by what else the machine did. */
export function secondsFrom(runs: readonly Pick<Earlier, 'seconds' | 'larger'>[]): EstimateRange {
  const all = runs.map(({ seconds, larger }) => seconds * larger).sort((a, b) => a - b);
  const alike = runs.every(({ larger }) => larger === 1);
  const [below, above] = alike ? [0.9, 1.15] : [0.8, 1.3];
  return { low: all[0] * below, likely: all[all.length >> 1], high: all[all.length - 1] * above };
}

/** What earlier runs took and what a rehearsal says now: the machine may have been slower then, or be slower now. */
export const both = (a: EstimateRange, b: EstimateRange): EstimateRange => ({
  low: Math.min(a.low, b.low),
  likely: (a.likely + b.likely) / 2,
  high: Math.max(a.high, b.high),
});

/**
 * Memory of a run from that of its rehearsal: the process of a longer one lets more garbage lie before it collects it
 * (docs/performance.md). Bytes.
 */
export function memoryFrom({
  peakBytes,
  unreadBytes,
}: Pick<EstimateResult, 'peakBytes' | 'unreadBytes'>): EstimateRange {
  const bytes = peakBytes + unreadBytes;
  return { low: 0.95 * peakBytes + 0.5 * unreadBytes, likely: 1.15 * bytes, high: 1.5 * bytes };
}

/** What to do where memory is short. @param batches labels of the options that make batches smaller. */
export function memoryWarnings(
  memory: EstimateRange,
  { totalBytes, freeBytes }: Estimate['machine'],
  batches: readonly string[],
): string[] {
  const most = memory.high > totalBytes ? totalBytes : memory.likely > freeBytes ? freeBytes : null;
  if (most === null) return [];
  const smaller = batches.length > 0 ? `a smaller ${batches.join(' or ')}, or ` : '';
  return [
    `The training may need ${spokenBytes(memory.high)} of memory, and ${most === totalBytes ? `this machine has ${spokenBytes(most)}` : `${spokenBytes(most)} are free`}. Choose ${smaller}less memory for features${most === freeBytes ? ', or close other programs' : ''}.`,
  ];
}

function ago(at: number): string {
  const minutes = Math.round((Date.now() - at) / 60_000);
  if (Date.now() - at < NOW_MS) return 'Measured now on this machine';
  const [n, unit] =
    minutes < 60
      ? [minutes, 'minute']
      : minutes < 1440
        ? [Math.round(minutes / 60), 'hour']
        : [Math.round(minutes / 1440), 'day'];
  return `Measured on this machine ${n} ${unit}${n === 1 ? '' : 's'} ago`;
}

export function createEstimates(store: Store, spawn: Spawn): Estimates {
  let running: { child: Child; stopped: boolean } | null = null;
  let tries = 0;
  const stop = (): void => {
    if (!running) return;
    running.stopped = true;
    running.child.kill();
    running = null;
  };
  const known = (): z.infer<typeof remembered> => remembered.safeParse(store.settings.get(KEY)).data ?? [];

  /** Everything that the time of a run depends on. */
  function keyOf(plan: Omit<TrainPlan, 'seed'>): string {
    const features = store.features
      .ofSet(plan.featureSetId)
      .map(({ sha256, segments }) => [sha256, segments]);
    const machine = [process.versions.node, cpus()[0]?.model, availableParallelism(), totalmem()];
    return createHash('sha256')
      .update(JSON.stringify([plan, features, machine]))
      .digest('hex');
  }

  async function rehearse(plan: Omit<TrainPlan, 'seed'>): Promise<EstimateResult> {
    const scratch = join(store.folder, 'checkpoints', `estimate-${++tries}`);
    const task = trainTaskOf(store, { ...plan, seed: 1 }, scratch);
    stop();
    const own = { child: spawn('trainer'), stopped: false };
    running = own;
    let outcome: EstimateResult | AppError | null = null;
    own.child.port.onMessage((raw) => {
      const message = fromTrainer.parse(raw);
      if (message.type === 'done' && message.result.kind === 'estimate') outcome = message.result;
      else if (message.type === 'failed') outcome = fromErrorData(message.error);
    });
    own.child.port.post({ type: 'run', task: { ...task, kind: 'estimate' } });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      own.child.kill();
    }, PATIENCE_MS);
    const { reason } = await own.child.exited;
    clearTimeout(timer);
    await rm(scratch, { recursive: true, force: true });
    if (running === own) running = null;
    if (own.stopped) throw new AppError('cancelled', 'The prediction was stopped.');
    const result = outcome as EstimateResult | AppError | null;
    if (result instanceof AppError) throw result;
    if (result) return result;
    throw new AppError(
      'crashed',
      late
        ? `A few steps of this training took longer than ${PATIENCE_MS / 1000} seconds, so its time is not known; it will take hours. Choose smaller batches or fewer features.`
        : `The process that tried a few steps ended without a result (${reason.slice(0, 300)}). Most likely the memory is too small: choose a smaller batch or less memory for features.`,
    );
  }

  function earlier(plan: Omit<TrainPlan, 'seed'>): Earlier[] {
    const set = store.features.set(plan.featureSetId);
    const comparable = (run: Run): StoredRun | null => {
      if (run.method !== plan.method || run.state !== 'done' || run.device !== plan.device) return null;
      const other = store.features.set(run.featureSetId);
      if (other.crops !== set.crops || other.dim !== set.dim) return null;
      if (run.segments === 0 || set.segments > 2 * run.segments || set.segments < run.segments / 2)
        return null;
      const whole = store.runs.get(run.id);
      return Object.entries(plan.config).every(([name, value]) => whole.config[name] === value)
        ? whole
        : null;
    };
    return store.runs.list().flatMap((run): Earlier[] => {
      const whole = run.jobId === null ? null : comparable(run);
      if (!whole || run.jobId === null) return [];
      const { startedAt, endedAt } = store.jobs.get(run.jobId);
      const payload = trainKind.payload.safeParse(store.jobs.payload(run.jobId)).data;
      const { process: record } = used.parse(whole.provenance);
      const same = payload?.mixedPrecision === plan.mixedPrecision && payload.weights === plan.weights;
      if (startedAt === null || endedAt === null || !same || record?.resumed) return [];
      return [
        {
          seconds: (endedAt - startedAt) / 1000,
          peakBytes: record?.peakBytes ?? null,
          larger: set.segments / run.segments,
        },
      ];
    });
  }

  return {
    stop,
    async of(plan, again) {
      requireDetections(store, plan);
      const key = keyOf(plan);
      const busy = store.jobs.list().some(({ state }) => state === 'running');
      let measured = known().find((other) => other.key === key);
      if (!measured || again) {
        measured = { key, at: Date.now(), found: await rehearse(plan) };
        const others = known().filter((other) => other.key !== key);
        // What was measured beside other work holds for now only.
        if (!busy) store.settings.set(KEY, [measured, ...others].slice(0, KEPT));
      }
      const { found, at } = measured;
      const runs = earlier(plan);
      const { info } = methods[plan.method];
      const peaks = runs.flatMap(({ peakBytes }) => peakBytes ?? []);
      const memory = memoryFrom(found);
      if (peaks.length > 0 && runs.every(({ larger }) => larger === 1)) {
        const most = Math.max(...peaks);
        Object.assign(memory, { low: 0.9 * Math.min(...peaks), likely: most, high: 1.15 * most });
      }
      const constrained = process.constrainedMemory();
      const machine = {
        totalBytes: constrained > 0 ? Math.min(constrained, totalmem()) : totalmem(),
        freeBytes: process.availableMemory(),
      };
      const batches = info.options.filter(({ key: name }) => /^(batchSize|pairs|bags)$/.test(name));
      const name = device.shape.name.parse(plan.device);
      const from =
        runs.length > 0
          ? [
              `From your ${runs.length === 1 ? 'earlier' : runs.length} ${runs.length === 1 ? '' : 'earlier '}${info.title} run${runs.length === 1 ? '' : 's'} in this project`,
            ]
          : [];
      return {
        device: name,
        seconds: runs.length > 0 ? both(secondsFrom(runs), found.seconds) : found.seconds,
        memory,
        machine,
        steps: found.steps,
        sources: [...from, ago(at)],
        warnings: [
          ...memoryWarnings(
            memory,
            machine,
            batches.map(({ label }) => label.toLowerCase()),
          ),
          ...found.notes,
        ],
        notes: [
          ...(found.openEnded
            ? ['The data decide when this run ends. The longest time is for the largest number of rounds.']
            : []),
          ...(busy && runs.length === 0 ? ['Another job is at work, so this may be too long.'] : []),
        ],
      };
    },
  };
}
