// The one-class model on objects: Jigsaw with weighted cubes (methods.md 3.2, 3.3, 3.6).
// Role: objects are cubes cut from the footage, the score of a snippet is that of its least normal object, smoothed over
// frames. Limits: the order of the half batches is ours: the first half of a batch is shuffled in time, the rest in space.
import { AppError } from '../../../shared/errors.ts';
import type { CompiledStep } from '../../compute/device.ts';
import { allZeros } from '../../compute/init.ts';
import { createOptimiser } from '../../compute/optimisers.ts';
import {
  initJigsaw,
  JIGSAW_DROPOUT,
  type JigsawShape,
  jigsawParameters,
  jigsawScoreStep,
  jigsawTrainStep,
  PATCHES,
} from '../../nets/jigsaw.ts';
import { makePuzzle, wholeCube } from '../../nets/jigsaw-puzzles.ts';
import { diagonalNormality, frameMinimum, objectAnomaly } from '../../nets/jigsaw-scores.ts';
import type { ObjectCubes } from '../method.ts';
import { stepCache } from './compiled.ts';
import type { ComponentInput, OneClassModel } from './components.ts';
import { smoothClips, snippetScores } from './pose-scores.ts';
import { dataOf, stateOf } from './state.ts';

export interface ObjectPuzzleOptions {
  /** Channels of the first convolutions, and half of those of the others: 32. */
  width: number;
  /** Every which frame has cubes; what is found there stands for the frames around it. */
  every: number;
  /** 192. */
  batchSize: number;
  /** Of Adam: 1e-4. */
  learningRate: number;
}

/** Width inside the heads for each channel of the first convolutions: 512 / 32. */
const HIDDEN_PER_CHANNEL = 16;
/** Cubes scored in one call. */
const SCORE_BATCH = 16;

function requireCubes(cubes: ComponentInput['cubes']): ObjectCubes {
  if (cubes && cubes.count > 1) return cubes;
  throw new AppError(
    'bad_input',
    'Puzzles need objects, and the boxes of these videos give none. Import boxes first (Import, Boxes and poses), lower the least confidence, or choose another one-class model.',
  );
}

/**
 * Every frame takes the value of the nearest one that was looked at: `half`, `half + every`, ... Those without an object have
 * 1, and take the largest value found anywhere: most normal. `[F]`.
 */
export function nearestLooked(
  frames: Float64Array,
  offsets: ArrayLike<number>,
  half: number,
  every: number,
): Float64Array {
  const largest = frames.reduce((most, value) => (value < 1 ? Math.max(most, value) : most), 0);
  const result = new Float64Array(frames.length).fill(largest);
  for (let v = 0; v + 1 < offsets.length; v++) {
    const length = offsets[v + 1] - offsets[v];
    const looked = Math.floor((length - 1 - 2 * half) / every);
    if (looked < 0) continue;
    for (let f = 0; f < length; f++) {
      const k = Math.min(looked, Math.max(0, Math.round((f - half) / every)));
      const value = frames[offsets[v] + half + k * every];
      if (value < 1) result[offsets[v] + f] = value;
    }
  }
  return result;
}

export async function objectPuzzles(
  { device, videos, offsets, cubes: given, check, rehearsal }: ComponentInput,
  { width, every, batchSize: wanted, learningRate }: ObjectPuzzleOptions,
): Promise<OneClassModel> {
  const cubes = requireCubes(given);
  const { count, timeLength, size: side, frames } = cubes;
  const half = (timeLength - 1) / 2;
  const size = timeLength * side * side * 3;
  const firstFrame = cubes.centreFrame.map((frame) => frame - half);
  const clips = new Int32Array(videos.length + 1);
  for (let v = 0; v < videos.length; v++) clips[v + 1] = clips[v] + frames[v];

  const shape: JigsawShape = {
    timeLength,
    channels: [width, 2 * width],
    hidden: HIDDEN_PER_CHANNEL * width,
  };
  const optimiser = createOptimiser({ name: 'adam', betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0 });
  const parameters = jigsawParameters(shape);
  const names = Object.keys(parameters);
  const slots = allZeros(optimiser.slots(parameters));
  const variables = device.variables({ ...allZeros(parameters), ...slots });
  const batchSize = Math.min(wanted, count);
  const temporalOf = (n: number): number => Math.ceil(n / 2);
  const training = stepCache((n) =>
    device.compile(jigsawTrainStep(shape, n, temporalOf(n), optimiser), variables),
  );
  let scoring: CompiledStep | null = null;
  const scoreBatch = Math.min(SCORE_BATCH, count);
  const bytes = new Uint8Array(Math.max(batchSize, scoreBatch) * size);
  const laidOut = new Float32Array(bytes.length);
  const empty = videos.filter((_, v) => !cubes.video.includes(v)).length;

  return {
    title: 'puzzle network',
    objects: { video: cubes.video, firstFrame, length: timeLength },
    frames,
    batchSize,
    notes:
      empty > 0
        ? [
            `${empty} of ${videos.length} videos have no object to look at (no boxes, none sure or large enough). All of their segments count as most normal.`,
          ]
        : [],
    fresh: (random) => variables.write(dataOf({ ...initJigsaw(shape, random), ...slots })),
    async trainBatch({ chosen, weights, random }) {
      const n = chosen.length;
      const temporal = temporalOf(n);
      await cubes.copy(chosen, bytes);
      const frameAnswers = new Float32Array(temporal * timeLength ** 2);
      const patchAnswers = new Float32Array((n - temporal) * PATCHES ** 2);
      for (let i = 0; i < n; i++) {
        const kind = i < temporal ? 'frames' : 'patches';
        const [all, each, k] =
          kind === 'frames' ? [frameAnswers, timeLength ** 2, i] : [patchAnswers, PATCHES ** 2, i - temporal];
        makePuzzle(
          kind,
          bytes.subarray(i * size, (i + 1) * size),
          timeLength,
          random,
          laidOut.subarray(i * size, (i + 1) * size),
          all.subarray(k * each, (k + 1) * each),
        );
      }
      const step = await training.of(n);
      const { loss } = await step.run({
        cubes: laidOut.subarray(0, n * size),
        frames: frameAnswers,
        ...(n > temporal && { patches: patchAnswers }),
        weights,
        mask: random.fillDropout(new Float32Array(n * shape.channels[1]), JIGSAW_DROPOUT),
        learningRate: Float32Array.of(learningRate),
      });
      return loss[0];
    },
    async scoreSnippets() {
      scoring ??= await device.compile(jigsawScoreStep(shape, scoreBatch), variables);
      const normality = new Float64Array(count);
      for (let from = 0; from < count; from += scoreBatch) {
        if (rehearsal?.enough({ kind: 'scores of the puzzles', done: from, total: count })) break;
        check();
        // The last batch is filled up with copies of its last cube, which do not count.
        await cubes.copy(
          Int32Array.from({ length: scoreBatch }, (_, i) => Math.min(from + i, count - 1)),
          bytes,
        );
        for (let i = 0; i < scoreBatch; i++)
          wholeCube(
            bytes.subarray(i * size, (i + 1) * size),
            timeLength,
            laidOut.subarray(i * size, (i + 1) * size),
          );
        const answers = await scoring.run({ cubes: laidOut.subarray(0, scoreBatch * size) });
        const anomaly = objectAnomaly(
          diagonalNormality(answers.spatialLogits, PATCHES),
          diagonalNormality(answers.temporalLogits, timeLength),
        );
        for (let i = 0; i < Math.min(scoreBatch, count - from); i++) normality[from + i] = 1 - anomaly[i];
      }
      const found = frameMinimum(normality, { video: cubes.video, frame: cubes.centreFrame, offsets: clips });
      const around = nearestLooked(found, clips, half, every);
      const snippets = snippetScores(smoothClips(around, clips), clips);
      const scores = new Float64Array(offsets[videos.length]);
      for (let v = 0; v < videos.length; v++) {
        const last = snippets.offsets[v + 1] - 1;
        for (let t = offsets[v]; t < offsets[v + 1]; t++)
          scores[t] = 1 + snippets.scores[Math.min(snippets.offsets[v] + t - offsets[v], last)];
      }
      return scores;
    },
    save: () => stateOf(variables),
    load: (state) => variables.write(dataOf(state)),
    parameters: () => stateOf(variables, names),
    async dispose() {
      await training.dispose();
      await scoring?.dispose();
      await variables.dispose();
    },
  };
}
