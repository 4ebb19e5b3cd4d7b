// The one-class model on poses: STG-NF with weighted samples (methods.md 3.2, 3.3, 3.5).
// Role: objects are pose segments, the score of a snippet is the negative log-likelihood of the least normal persons in it.
// Limits: joint positions only; where nobody is seen long enough, everything is normal to it.
import { AppError } from '../../../shared/errors.ts';
import { SEGMENT_FRAMES } from '../../../shared/labels/types.ts';
import type { CompiledStep } from '../../compute/device.ts';
import { allZeros } from '../../compute/init.ts';
import { createOptimiser } from '../../compute/optimisers.ts';
import { poseInput, poseSegments } from '../../features/poses/segments.ts';
import { stgNfEvaluateStep, stgNfInitialiseStep, stgNfTrainStep, stgNfVariables } from '../../nets/stg-nf.ts';
import { initStgNf, JOINTS, packStgNf, unpackStgNf } from '../../nets/stg-nf-state.ts';
import type { VideoPoses } from '../method.ts';
import { stepCache } from './compiled.ts';
import type { ComponentInput, OneClassModel } from './components.ts';
import { frameScores, smoothClips, snippetScores } from './pose-scores.ts';
import { dataOf, stateOf } from './state.ts';

export interface PoseFlowOptions {
  /** L, detections of a pose segment: 24 (ShanghaiTech) or 16 (UBnormal). */
  length: number;
  /** Detections between the begins of two segments in training: 6. */
  stride: number;
  /** R of the prior: 3. */
  priorMean: number;
  /** 256. */
  batchSize: number;
  /** Of Adamax, before it falls: 5e-4. */
  learningRate: number;
}

/** Coupling steps of the flow. */
const STEPS = 8;
/** Factor of the learning rate from epoch to epoch. */
const DECAY = 0.99;
/** Segments scored in one call. */
const SCORE_BATCH = 1024;
/** Whether ActNorm has seen its first batch. */
const INITIALISED = 'initialised';

/** Frames of a video: those of its poses, or as many as its features stand for. */
function framesOf(poses: VideoPoses | null, segments: number): number {
  return poses?.frames ?? segments * SEGMENT_FRAMES;
}

function requirePoses(poses: ComponentInput['poses']): readonly (VideoPoses | null)[] {
  if (poses?.some((video) => video !== null)) return poses;
  throw new AppError(
    'bad_input',
    'The pose flow needs poses, and no video has any. Import them first (Import, Boxes and poses), or choose another one-class model.',
  );
}

/** What to say about videos the model sees nobody in. @param scored segments scored of each video. */
function notesOn(poses: readonly (VideoPoses | null)[], scored: readonly number[]): string[] {
  const without = poses.filter((video) => video === null).length;
  const empty = poses.filter((video) => video !== null && video.persons.length === 0).length;
  const short = poses.filter(
    (video, v) => video !== null && video.persons.length > 0 && scored[v] === 0,
  ).length;
  const parts = [
    ...(without > 0 ? [`${without} have no pose file`] : []),
    ...(empty > 0 ? [`in ${empty} nobody was seen`] : []),
    ...(short > 0 ? [`in ${short} nobody was seen long enough`] : []),
  ];
  if (parts.length === 0) return [];
  return [`Of ${poses.length} videos, ${parts.join(', ')}. All of their segments count as most normal.`];
}

export async function poseFlow(
  { device, videos, offsets, poses: given, check, rehearsal }: ComponentInput,
  { length, stride, priorMean, batchSize, learningRate }: PoseFlowOptions,
): Promise<OneClassModel> {
  const poses = requirePoses(given);
  const frames = Int32Array.from(videos, ({ segments }, v) => framesOf(poses[v], segments));
  const clips = new Int32Array(videos.length + 1);
  for (let v = 0; v < videos.length; v++) clips[v + 1] = clips[v] + frames[v];
  const size = 2 * length * JOINTS;

  // Every segment twice, the second time mirrored, as published.
  const parts = poses.map((video) => poseSegments(video?.persons ?? [], length, stride));
  const count = 2 * parts.reduce((sum, part) => sum + part.count, 0);
  if (count === 0) {
    throw new AppError(
      'bad_input',
      `Nobody is seen for more than ${length} frames in any of the videos. Import poses with tracks, choose shorter pose segments, or another one-class model.`,
    );
  }
  const inputs = new Float32Array(count * size);
  const video = new Int32Array(count);
  const firstFrame = new Int32Array(count);
  let at = 0;
  for (const flip of [false, true]) {
    for (const [v, part] of parts.entries()) {
      inputs.set(poseInput(part, flip), at * size);
      video.fill(v, at, at + part.count);
      firstFrame.set(part.firstFrame, at);
      at += part.count;
    }
  }
  const scored = poses.map((one) => poseSegments(one?.persons ?? [], length, 1).count);

  const shape = { segmentLength: length, steps: STEPS };
  const optimiser = createOptimiser({ name: 'adamax', betas: [0.9, 0.999], eps: 1e-8 });
  const slots = allZeros(optimiser.slots({ parameters: stgNfVariables(shape).parameters }));
  const variables = device.variables({ ...allZeros(stgNfVariables(shape)), ...slots });
  const initialising = stepCache((n) => device.compile(stgNfInitialiseStep(shape, n), variables));
  const training = stepCache((n) =>
    device.compile(stgNfTrainStep(shape, n, optimiser, priorMean), variables),
  );
  const scoreBatch = Math.min(SCORE_BATCH, Math.max(...scored, 1));
  let scoring: CompiledStep | null = null;
  let initialised = false;
  const batch = new Float32Array(batchSize * size);

  /** -NLL of all segments, video after video, as they are scored: stride 1, not mirrored. */
  async function likelihoods(): Promise<{ score: Float64Array; clip: Int32Array; firstFrame: Int32Array }> {
    const total = scored.reduce((a, b) => a + b, 0);
    const result = {
      score: new Float64Array(total),
      clip: new Int32Array(total),
      firstFrame: new Int32Array(total),
    };
    scoring ??= await device.compile(stgNfEvaluateStep(shape, scoreBatch, priorMean), variables);
    const labels = new Float32Array(scoreBatch).fill(1);
    const segments = new Float32Array(scoreBatch * size);
    let filled = 0;
    let done = 0;
    const flush = async (): Promise<void> => {
      check();
      // What is left over of an earlier batch is scored again and does not count.
      const { nll } = await scoring!.run({ segments, labels });
      for (let i = 0; i < filled; i++) result.score[done + i] = -nll[i];
      done += filled;
      filled = 0;
    };
    let placed = 0;
    for (const [v, one] of poses.entries()) {
      if (scored[v] === 0) continue;
      if (rehearsal?.enough({ kind: 'scores of poses', done: placed, total })) break;
      const part = poseSegments(one?.persons ?? [], length, 1);
      const own = poseInput(part);
      result.clip.fill(v, placed, placed + part.count);
      result.firstFrame.set(part.firstFrame, placed);
      placed += part.count;
      for (let from = 0; from < part.count; ) {
        const take = Math.min(part.count - from, scoreBatch - filled);
        segments.set(own.subarray(from * size, (from + take) * size), filled * size);
        filled += take;
        from += take;
        if (filled === scoreBatch) await flush();
      }
    }
    if (filled > 0) await flush();
    return result;
  }

  return {
    title: 'pose flow',
    objects: { video, firstFrame, length },
    frames,
    batchSize: Math.min(batchSize, count),
    notes: notesOn(poses, scored),
    fresh(random) {
      initialised = false;
      variables.write(dataOf({ ...initStgNf(shape, random), ...slots }));
    },
    async trainBatch({ chosen, weights, epoch }) {
      const segments = batch.subarray(0, chosen.length * size);
      for (let i = 0; i < chosen.length; i++)
        segments.set(inputs.subarray(chosen[i] * size, (chosen[i] + 1) * size), i * size);
      if (!initialised) {
        await (await initialising.of(chosen.length)).run({ segments });
        initialised = true;
      }
      const step = await training.of(chosen.length);
      const { loss } = await step.run({
        segments,
        labels: new Float32Array(chosen.length).fill(1),
        weights,
        learningRate: Float32Array.of(learningRate * DECAY ** epoch),
      });
      return loss[0];
    },
    async scoreSnippets() {
      const found = frameScores({ ...(await likelihoods()), length }, clips);
      const snippets = snippetScores(smoothClips(found, clips), clips);
      const scores = new Float64Array(offsets[videos.length]);
      for (let v = 0; v < videos.length; v++) {
        // Features may count one snippet more or less than the frames do.
        const last = snippets.offsets[v + 1] - 1;
        for (let t = offsets[v]; t < offsets[v + 1]; t++)
          scores[t] = snippets.scores[Math.min(snippets.offsets[v] + t - offsets[v], last)];
      }
      return scores;
    },
    async save() {
      const flag = { shape: [1], data: Float32Array.of(initialised ? 1 : 0) };
      return { ...(await stateOf(variables)), [INITIALISED]: flag };
    },
    load({ [INITIALISED]: flag, ...state }) {
      initialised = flag.data[0] === 1;
      variables.write(dataOf(state));
    },
    adopt(dictionary) {
      initialised = true;
      variables.write(dataOf({ ...packStgNf(shape, dictionary) }));
    },
    async parameters() {
      const { parameters, buffers } = await variables.read();
      return unpackStgNf(shape, { parameters, buffers });
    },
    async dispose() {
      await initialising.dispose();
      await training.dispose();
      await scoring?.dispose();
      await variables.dispose();
    },
  };
}
