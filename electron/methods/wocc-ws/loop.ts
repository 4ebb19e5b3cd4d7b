// Two models that label each other (Joint-VAD; methods.md 3.1, 3.9): the one-class model is trained with the doubts of the
// weakly supervised one, which is trained with the highest scores of the other.
// Role: modules, steps, order, labels, weights, threshold, curves, checkpoints. Limits: models come from outside and are
// known by their interface only; nothing is ever chosen by a test set.
import type { CurvePoint } from '../../../shared/contract/entities.ts';
import { AppError } from '../../../shared/errors.ts';
import { createRandom, type Random, restoreRandom } from '../../compute/random.ts';
import type { Rehearsal } from '../../features/rehearsal.ts';
import type { Saves } from '../checkpoint.ts';
import { bagSource } from './bag-source.ts';
import { type LoopCheckpoint, type Position, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import type { OneClassModel, WeakModel } from './components.ts';
import type { LoopOptions } from './loop-options.ts';
import { type Pace, USUAL_MODULES } from './pace.ts';
import { cleanLabels, firstCount, highest, rankLabels } from './snippet-labels.ts';
import { startWeights } from './start-weights.ts';
import { endModule, narrow, type StopReason, startThreshold, type ThresholdState } from './threshold.ts';
import { frameWeights, objectWeights } from './weights.ts';

/** What is known after a module. */
export interface ModuleEnd {
  module: number;
  /** `[N]` each. */
  oneClassScores: Float64Array;
  weakScores: Float64Array;
  labels: Uint8Array;
  /** Videos to be shown. */
  shown: readonly number[];
}

export interface LoopTraining {
  oneClass: OneClassModel;
  weak: WeakModel;
  options: LoopOptions;
  /** `[V + 1]`, in snippets. */
  offsets: Int32Array;
  /** 1 for videos that take part in training; the others are only scored. `[V]`. */
  trains: Uint8Array;
  /** 1 for videos that may hold anomalous snippets; those of others are normal. `[V]`. */
  suspect: Uint8Array;
  /** What a checkpoint has to share with the run that goes on from it. */
  identity: string;
  seed: number;
  /** Seconds, to tell how long a module took. */
  now(): number;
  saves: Saves;
  pace: Pace;
  points(points: CurvePoint[]): void;
  moduleEnded(end: ModuleEnd): void;
  loadCheckpoint(): Promise<Uint8Array | null>;
  rehearsal?: Rehearsal;
}

export interface LoopResult {
  /** Of the last step of the last module, `[N]` each. */
  oneClassScores: Float64Array;
  weakScores: Float64Array;
  /** T_1 and on. */
  thresholds: number[];
  modules: number;
  stop: StopReason;
  /** Snippets that every one-class model called anomalous. `[N]`. */
  consensus: Uint8Array;
  seconds: number[];
  notes: string[];
}

/** Videos whose score maps are shown. */
const SHOWN = 6;

/** Random streams: one for everything that goes on from batch to batch, and one for each thing that is drawn anew. */
const streams = {
  course: 1,
  start: 2,
  estimate: 3,
  order: (module: number, step: number, epoch: number) => 1e6 * module + 1e4 * step + epoch,
  bags: (module: number, step: number, kind: number) => 5e8 + 1e6 * module + 1e4 * step + kind,
};

/** How many of the `count` highest of both lists are the same, as a share. */
export function agreement(a: ArrayLike<number>, b: ArrayLike<number>, count: number): number {
  if (count <= 0) return 0;
  const first = new Set(highest(a, count));
  return highest(b, count).reduce((sum, i) => sum + (first.has(i) ? 1 : 0), 0) / count;
}

/** Places in ascending order, as a share of all: 0 for the lowest, 1 for the highest, equal values share the mean place. `[N]`. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Int32Array.from({ length: values.length }, (_, i) => i).sort(
    (i, j) => values[i] - values[j] || i - j,
  );
  const places = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let i = from; i < to; i++) places[order[i]] = (from + to - 1) / 2 / Math.max(1, order.length - 1);
    from = to;
  }
  return places;
}

const meanChange = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, x, i) => sum + Math.abs(x - b[i]), 0) / Math.max(1, a.length);

/** Snippets of videos that are marked. `[N]`. */
function perSnippet(videos: Uint8Array, offsets: Int32Array): Uint8Array {
  const marked = new Uint8Array(offsets[videos.length]);
  for (const [v, value] of videos.entries()) marked.fill(value, offsets[v], offsets[v + 1]);
  return marked;
}

/** Objects that take part: those of videos that train. Ascending. */
const objectsOf = ({ objects }: OneClassModel, trains: Uint8Array): Int32Array =>
  Int32Array.from({ length: objects.video.length }, (_, i) => i).filter(
    (i) => trains[objects.video[i]] === 1,
  );

/** Videos at the ends and in the middle of the order of their mean scores: `SHOWN` of them, or all. */
function videosToShow(scores: Float64Array, offsets: Int32Array): number[] {
  const videos = offsets.length - 1;
  const mean = (v: number): number =>
    scores.subarray(offsets[v], offsets[v + 1]).reduce((sum, x) => sum + x, 0) /
    (offsets[v + 1] - offsets[v]);
  const order = [...Array(videos).keys()]
    .filter((v) => offsets[v + 1] > offsets[v])
    .sort((a, b) => mean(b) - mean(a) || a - b);
  if (order.length <= SHOWN) return order;
  const places = Array.from({ length: SHOWN }, (_, i) => Math.round((i * (order.length - 1)) / (SHOWN - 1)));
  return places.map((place) => order[place]);
}

function numbersOnly(loss: number, title: string, { module, step }: Position): void {
  if (Number.isFinite(loss)) return;
  throw new AppError(
    'internal',
    `Training diverged in step ${step} of module ${module}: the loss of the ${title} is not a number any more. Lower the learning rate or check the features.`,
  );
}

/**
 * Runs the loop until the threshold has converged.
 * A run that is stopped and goes on from its checkpoint gives the same labels as one that was never stopped (on the cpu
 * device with the same number of threads).
 * @throws AppError `cancelled`, at the latest after the batch that is running; `conflict` for the checkpoint of another
 * run; `internal` when a loss is not a number any more; `bad_input` when nothing is left to train on.
 */
export async function runLoop(training: LoopTraining): Promise<LoopResult> {
  const { oneClass, weak, options, offsets, seed, pace, saves, rehearsal } = training;
  const snippets = offsets[offsets.length - 1];
  const trains = perSnippet(training.trains, offsets);
  const suspect = perSnippet(training.suspect, offsets).map((may, i) => may & trains[i]);
  const objects = objectsOf(oneClass, training.trains);
  const candidates = suspect.reduce((sum, may) => sum + may, 0);
  const trained = trains.reduce((sum, may) => sum + may, 0);
  if (objects.length === 0) {
    throw new AppError(
      'bad_input',
      `The ${oneClass.title} has nothing to learn from: none of the videos that train has an object. Choose another one-class model or other videos.`,
    );
  }
  const first = Math.min(firstCount(options.ratio, trained), candidates);
  if (first === 0 || first >= trained) {
    throw new AppError(
      'bad_input',
      `Of ${trained} snippets ${first} would be called anomalous, and both kinds are needed. Choose another share or more videos.`,
    );
  }
  const bytes = await training.loadCheckpoint();
  const saved: LoopCheckpoint | null = bytes && readCheckpoint(bytes, training.identity);
  const notes = saved ? [...saved.notes] : [];
  const curve = saved ? [...saved.curve] : [];
  const seconds = saved ? [...saved.seconds] : [];
  const random: Random = saved ? restoreRandom(saved.random) : createRandom(seed, streams.course);
  let threshold: ThresholdState = saved
    ? { consensus: saved.consensus, thresholds: saved.thresholds, reference: saved.reference }
    : startThreshold(first, snippets);
  let oneClassScores = saved?.oneClassScores ?? null;
  let weakScores = saved?.weakScores ?? null;
  let shown = saved?.shown ?? [];
  let position: Position = saved?.position ?? {
    module: 1,
    step: 1,
    stage: 'oneClass',
    epoch: 0,
    batch: 0,
    loss: 0,
    change: null,
  };
  const report = (points: CurvePoint[]): void => {
    curve.push(...points);
    training.points(points);
  };
  const perEpoch = Math.ceil(objects.length / oneClass.batchSize);
  if (saved) {
    oneClass.load(saved.oneClass);
    weak.load(saved.weak);
    if (curve.length > 0) training.points(curve);
  } else if (!rehearsal) {
    const estimate = await pace.measure(
      { oneClass, weak, objects, snippets, random: createRandom(seed, streams.estimate) },
      perEpoch * options.oneClassEpochs,
      options,
    );
    notes.push(estimate);
    report([{ series: 'T per module', x: 1, y: first }]);
  }

  let mark = training.now();
  const clock = (): void => {
    const time = training.now();
    seconds[position.module - 1] = (seconds[position.module - 1] ?? 0) + time - mark;
    mark = time;
  };
  const write = async (): Promise<Uint8Array> => {
    clock();
    return writeCheckpoint({
      run: training.identity,
      position,
      random: random.state(),
      thresholds: threshold.thresholds,
      reference: threshold.reference,
      curve,
      shown,
      seconds,
      notes,
      consensus: threshold.consensus,
      oneClassScores,
      weakScores,
      oneClass: await oneClass.save(),
      weak: await weak.save(),
    });
  };
  const current = (): number =>
    options.threshold === 'fixed' ? threshold.thresholds[0] : threshold.thresholds[position.module - 1];

  /** v of every object, from what the weak model says; at the start a draw. */
  const weightsOf = (): Float64Array => {
    const { objects: all, frames } = oneClass;
    if (options.weighting === 'none') return new Float64Array(all.video.length).fill(1);
    if (!weakScores) {
      return options.weighting === 'hard'
        ? new Float64Array(all.video.length).fill(1)
        : startWeights(all.video.length, all.length, options.start, createRandom(seed, streams.start));
    }
    const doubt = options.weighting === 'hard' ? rankLabels(weakScores, current()) : weakScores;
    return objectWeights(frameWeights(doubt, offsets, frames), all);
  };

  const trainOneClass = async (): Promise<void> => {
    const weights = weightsOf();
    const chosenWeights = new Float32Array(oneClass.batchSize);
    for (
      ;
      position.epoch < options.oneClassEpochs;
      position = { ...position, epoch: position.epoch + 1, batch: 0 }
    ) {
      const { module, step, epoch } = position;
      const order = createRandom(seed, streams.order(module, step, epoch))
        .permutation(objects.length)
        .map((i) => objects[i]);
      oneClass.expect?.(order.subarray(position.batch * oneClass.batchSize));
      while (position.batch < perEpoch) {
        const done = epoch * perEpoch + position.batch;
        const total = options.oneClassEpochs * perEpoch;
        if (rehearsal?.enough({ kind: 'one class', done, total, steps: true })) return;
        const from = position.batch * oneClass.batchSize;
        const chosen = order.subarray(from, from + oneClass.batchSize);
        for (const [i, object] of chosen.entries()) chosenWeights[i] = weights[object];
        const loss = await oneClass.trainBatch({
          chosen,
          weights: chosenWeights.subarray(0, chosen.length),
          epoch: (step - 1) * options.oneClassEpochs + epoch,
          random,
        });
        numbersOnly(loss, oneClass.title, position);
        position = { ...position, batch: position.batch + 1, loss: position.loss + loss };
        pace.advance(position, `training the ${oneClass.title}`);
        await saves.offer(write);
      }
    }
  };

  /** Labels of this step, and the scores that bags are sorted by. */
  const labelsOf = (scores: Float64Array): { labels: Uint8Array; scores: Float64Array } => {
    const masked = scores.map((score, i) => (suspect[i] ? score : Number.NEGATIVE_INFINITY));
    const raw = rankLabels(masked, current());
    const cleaned = cleanLabels(raw, scores, offsets, options.cleanup);
    for (const [i, may] of suspect.entries()) if (!may) cleaned.labels[i] = 0;
    const count = cleaned.labels.reduce((sum, label) => sum + label, 0);
    // Cleaning may leave one kind without snippets in a small set; then the ranking alone counts.
    return count === 0 || count === trained ? { labels: raw, scores } : cleaned;
  };

  const trainWeak = async (scores: Float64Array): Promise<void> => {
    const labelled = labelsOf(scores);
    const source = (kind: 0 | 1): ReturnType<typeof bagSource> => {
      const pool = Int32Array.from({ length: snippets }, (_, i) => i).filter(
        (i) => trains[i] === 1 && labelled.labels[i] === kind,
      );
      const { module, step } = position;
      return bagSource(
        { snippets: pool, scores: Float64Array.from(pool, (i) => labelled.scores[i]) },
        {
          mode: options.bagMode,
          bags: weak.bags,
          random: (pass) => createRandom(seed, streams.bags(module, step, 2 * pass + kind)),
        },
      );
    };
    const abnormal = source(1);
    const normal = source(0);
    while (position.batch < options.weakBatches) {
      const batch = position.batch;
      if (rehearsal?.enough({ kind: 'weak', done: batch, total: options.weakBatches, steps: true })) return;
      const { total } = await weak.trainBatch({
        abnormal: abnormal.batch(batch),
        normal: normal.batch(batch),
        random,
      });
      numbersOnly(total, weak.title, position);
      position = { ...position, batch: batch + 1, loss: position.loss + total };
      pace.advance(position, `training ${weak.title}`);
      await saves.offer(write);
    }
  };

  /** Of the loop's steps; a module may end after two of them, the loop with any module. */
  const rehearsed = (done: number, ends: boolean): boolean => {
    const { maxModules, stepsPerModule, convergeEps, threshold: rule } = options;
    const [least, usual] = rule === 'fixed' ? [maxModules, maxModules] : [1, USUAL_MODULES];
    return (
      rehearsal?.enough({
        kind: 'loop',
        done,
        total: maxModules * stepsPerModule,
        least: least * (convergeEps > 0 ? Math.min(2, stepsPerModule) : stepsPerModule),
        usual: Math.min(usual, maxModules) * stepsPerModule,
        ends,
      }) ?? false
    );
  };
  rehearsed(0, false);

  for (;;) {
    const { module, step } = position;
    const overall = (module - 1) * options.stepsPerModule + step;
    if (position.stage === 'oneClass') {
      if (step === 1 && position.epoch === 0 && position.batch === 0) {
        oneClass.fresh(random);
        weak.fresh(random);
      }
      await trainOneClass();
      const before = oneClassScores;
      oneClassScores = await oneClass.scoreSnippets();
      const change = before && meanChange(before, oneClassScores);
      const ranked = oneClassScores.map((score, i) => (suspect[i] ? score : Number.NEGATIVE_INFINITY));
      threshold = narrow(threshold, ranked);
      if (shown.length === 0) shown = videosToShow(oneClassScores, offsets);
      const loss = position.loss / (perEpoch * options.oneClassEpochs);
      report([{ series: 'loss of the one-class model', x: overall, y: loss }]);
      position = { ...position, stage: 'weak', epoch: 0, batch: 0, loss: 0, change };
      weak.freshOptimiser();
      await saves.offer(write);
    }
    await trainWeak(oneClassScores!);
    const scored = await weak.scoreSnippets();
    const changes = [position.change, weakScores && meanChange(weakScores, scored)];
    weakScores = scored;
    report([
      { series: 'loss of the weak model', x: overall, y: position.loss / options.weakBatches },
      { series: 'agreement per step', x: overall, y: agreement(oneClassScores!, scored, current()) },
    ]);
    const converged =
      options.convergeEps > 0 &&
      step > 1 &&
      changes.some((change) => change !== null && change <= options.convergeEps);
    position = { module, step: step + 1, stage: 'oneClass', epoch: 0, batch: 0, loss: 0, change: null };
    const known = rehearsed(overall, false);
    if (step < options.stepsPerModule && !converged && !known) {
      await saves.now(write);
      continue;
    }

    const ended = endModule(threshold, options);
    threshold = ended.state;
    const next = threshold.thresholds[module];
    const stop: StopReason | null =
      known || (options.threshold === 'fixed' && module >= options.maxModules)
        ? 'maxModules'
        : options.threshold === 'fixed'
          ? null
          : ended.stop;
    if (stop && !known) rehearsed(overall, true);
    training.moduleEnded({
      module,
      oneClassScores: oneClassScores!,
      weakScores: scored,
      labels: labelsOf(oneClassScores!).labels,
      shown,
    });
    clock();
    report([
      { series: 'T per module', x: module + 1, y: options.threshold === 'fixed' ? first : next },
      { series: 'seconds per module', x: module, y: seconds[module - 1] },
    ]);
    if (stop) {
      return {
        oneClassScores: oneClassScores!,
        weakScores: scored,
        thresholds: threshold.thresholds,
        modules: module,
        stop,
        consensus: threshold.consensus,
        seconds,
        notes,
      };
    }
    position = { module: module + 1, step: 1, stage: 'oneClass', epoch: 0, batch: 0, loss: 0, change: null };
    await saves.now(write);
  }
}
