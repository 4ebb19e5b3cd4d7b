// Training of a weakly supervised model by itself, from labels of whole videos (methods.md 3.7, 3.8).
// Role: batches of videos, curve, checkpoints. Limits: the model comes from outside; the last step is the result, and no
// test set chooses another.
import { z } from 'zod';
import { curvePoint } from '../../../shared/contract/entities.ts';
import { AppError } from '../../../shared/errors.ts';
import { writeBundle } from '../../compute/bundle.ts';
import { createRandom, restoreRandom } from '../../compute/random.ts';
import { openCheckpoint, savesOf } from '../checkpoint.ts';
import type { TrainingRun } from '../method.ts';
import type { WeakModel } from './components.ts';

export interface WeakTraining extends TrainingRun {
  model: WeakModel;
  /** Bags of each kind: numbers of videos, each `bagSize` segments of the bag pool. */
  abnormal: readonly number[];
  normal: readonly number[];
  batches: number;
  identity: string;
}

const FORMAT = 'weak training 2';
/** Steps that make one point of a curve. */
const STRETCH = 10;
const PROGRESS_MS = 100;
const streams = { course: 1, order: (kind: number, pass: number) => 1e6 + 2 * pass + kind };

const content = z.object({
  format: z.literal(FORMAT),
  run: z.string(),
  batch: z.int().nonnegative(),
  random: z.array(z.int()),
  /** Sum of the losses since the last point. */
  loss: z.number(),
  curve: z.array(curvePoint),
});

/** Videos of batch `i`: without repeats inside a batch and, as far as they go round, between batches; else drawn. */
function videosOf(list: readonly number[], count: number, i: number, seed: number, kind: 0 | 1): number[] {
  const perPass = Math.floor(list.length / count);
  if (perPass === 0) {
    const random = createRandom(seed, streams.order(kind, i));
    return Array.from({ length: count }, () => list[random.integer(list.length)]);
  }
  const order = createRandom(seed, streams.order(kind, Math.floor(i / perPass))).permutation(list.length);
  const from = (i % perPass) * count;
  return Array.from(order.subarray(from, from + count), (k) => list[k]);
}

/**
 * Trains to the last batch. A run that is stopped and goes on from its checkpoint gives the same bits as one that was
 * never stopped (on the cpu device with the same number of threads).
 * @throws AppError `cancelled`, `conflict` for the checkpoint of another run, `internal` when the loss is no number any more.
 */
export async function trainWeak(training: WeakTraining): Promise<void> {
  const { model, batches, seed } = training;
  const saves = savesOf(training);
  const bytes = await training.loadCheckpoint();
  const saved = bytes && openCheckpoint(bytes, content, training.identity);
  const random = saved ? restoreRandom(saved.content.random) : createRandom(seed, streams.course);
  const curve = saved ? [...saved.content.curve] : [];
  let batch = saved?.content.batch ?? 0;
  let loss = saved?.content.loss ?? 0;
  if (saved) {
    model.load(saved.arrays);
    if (curve.length > 0) training.points(curve);
  } else model.fresh(random);
  let told = Number.NEGATIVE_INFINITY;
  const snippets = (videos: readonly number[]): Int32Array =>
    Int32Array.from({ length: videos.length * model.bagSize }, (_, i) => {
      const video = videos[Math.floor(i / model.bagSize)];
      return video * model.bagSize + (i % model.bagSize);
    });
  while (batch < batches) {
    if (training.rehearsal?.enough({ kind: 'Training', done: batch, total: batches, steps: true })) return;
    const { total } = await model.trainBatch({
      abnormal: snippets(videosOf(training.abnormal, model.bags, batch, seed, 1)),
      normal: snippets(videosOf(training.normal, model.bags, batch, seed, 0)),
      random,
    });
    batch++;
    loss += total;
    if (!Number.isFinite(loss)) {
      throw new AppError(
        'internal',
        `Training diverged in step ${batch}: the loss is not a number any more. Lower the learning rate or check the features.`,
      );
    }
    if (performance.now() - told >= PROGRESS_MS) {
      told = performance.now();
      training.progress(batch, batches, 'steps', `Training ${model.title}`);
    }
    if (batch % STRETCH === 0 || batch === batches) {
      const length = batch % STRETCH || STRETCH;
      const point = { series: 'loss', x: batch, y: loss / length };
      loss = 0;
      curve.push(point);
      training.points([point]);
    }
    const write = async (): Promise<Uint8Array> => {
      const { identity: run } = training;
      const rest: z.infer<typeof content> = {
        format: FORMAT,
        run,
        batch,
        random: random.state(),
        loss,
        curve,
      };
      return writeBundle(rest, await model.save());
    };
    await (batch === batches ? saves.now(write) : saves.offer(write));
  }
}
