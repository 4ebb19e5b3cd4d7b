// jigsaw.forward, jigsaw.score (3.6): the puzzle network on the CPU device, and the scores made of its answers.
import { z } from 'zod';
import type { Values } from '../../../electron/compute/device.ts';
import { openDevice } from '../../../electron/compute/devices/open.ts';
import { jigsawParameterCount, jigsawParameters, jigsawScoreStep } from '../../../electron/nets/jigsaw.ts';
import {
  diagonalNormality,
  frameMinimum,
  objectAnomaly,
  smoothNormality,
  videoNormality,
} from '../../../electron/nets/jigsaw-scores.ts';
import type { GoldenArray, GoldenCase } from '../case.ts';
import type { GoldenKind } from '../kind.ts';

const values = ({ shape, data }: GoldenArray): Values => ({ shape, data: Float32Array.from(data) });

/** `[N, C, ...]` with the channels last. */
function channelsLast({ shape: [n, channels, ...rest], data }: GoldenArray): Float32Array {
  const points = rest.reduce((a, b) => a * b, 1);
  return Float32Array.from({ length: n * channels * points }, (_, i) => {
    const c = i % channels;
    const point = Math.floor(i / channels) % points;
    const sample = Math.floor(i / (channels * points));
    return data[(sample * channels + c) * points + point];
  });
}

async function forward(c: GoldenCase): Promise<void> {
  const shape = z
    .object({ timeLength: z.int(), channels: z.tuple([z.int(), z.int()]), hidden: z.int() })
    .parse(c.params);
  c.checkValue('parameterCount', jigsawParameterCount(shape));
  const cubes = c.input('cubes');
  const device = await openDevice('cpu', { threads: 1 });
  const variables = device.variables(
    Object.fromEntries(Object.keys(jigsawParameters(shape)).map((name) => [name, values(c.weight(name))])),
  );
  const step = await device.compile(jigsawScoreStep(shape, cubes.shape[0]), variables);
  const { temporalLogits, spatialLogits } = await step.run({ cubes: channelsLast(cubes) });
  c.check('temporalLogits', temporalLogits);
  c.check('spatialLogits', spatialLogits);
  await step.dispose();
}

function score(c: GoldenCase): void {
  const { timeLength } = z
    .object({
      timeLength: z.int(),
      movingMean: z.literal(43),
      gaussianTaps: z.literal(49),
      gaussianSigma: z.literal(20),
    })
    .parse(c.params);
  const meta = c.input('meta').data;
  const offsets = c.input('offsets').data;
  const column = (j: number) => Array.from({ length: meta.length / 2 }, (_, i) => meta[2 * i + j]);
  const placed = { video: column(0), frame: column(1), offsets };
  const spatial = diagonalNormality(c.input('spatialLogits').data, 9);
  const temporal = diagonalNormality(c.input('temporalLogits').data, timeLength);
  c.check('spatialNormality', spatial);
  c.check('temporalNormality', temporal);
  c.check('objectAnomaly', objectAnomaly(spatial, temporal));
  const frameSpatial = frameMinimum(spatial, placed);
  const frameTemporal = frameMinimum(temporal, placed);
  c.check('frameSpatial', frameSpatial);
  c.check('frameTemporal', frameTemporal);
  const videoSpatial = videoNormality(frameSpatial, offsets);
  const videoTemporal = videoNormality(frameTemporal, offsets);
  c.check('videoSpatial', videoSpatial);
  c.check('videoTemporal', videoTemporal);
  const combined = videoSpatial.map((value, i) => (value + videoTemporal[i]) / 2);
  c.check('combined', combined);
  c.check('smoothedNormality', smoothNormality(combined, offsets));
}

export const jigsaw: GoldenKind = {
  kinds: ['jigsaw.forward', 'jigsaw.score'],
  run: async (c) => (c.kind === 'jigsaw.forward' ? forward(c) : score(c)),
};
