// cu.uncertainty, cu.reliable, cu.context (4.3-4.5): what CU-Net does with clips between its networks.
import { z } from 'zod';
import { writeContext } from '../../../electron/methods/cu/context.ts';
import { reliableClips } from '../../../electron/methods/cu/reliable.ts';
import { passStatistics } from '../../../electron/methods/cu/uncertainty.ts';
import type { GoldenCase } from '../case.ts';
import type { GoldenKind } from '../kind.ts';

function uncertainty(c: GoldenCase): void {
  const { data, shape } = c.input('passes');
  const [passes, crops, clips] = shape;
  const statistics = passStatistics(clips);
  for (let m = 0; m < passes; m++) {
    statistics.add(data.subarray(m * crops * clips, (m + 1) * crops * clips), crops);
  }
  const { mean, variance } = statistics.result(passes);
  c.check('mean', mean);
  c.check('variance', variance);
}

function reliable(c: GoldenCase): void {
  const { ratio } = z.object({ ratio: z.number() }).parse(c.params);
  const found = reliableClips(c.input('uncertainty').data, c.input('offsets').data, ratio);
  c.check('counts', found.counts);
  c.check('order', found.order);
  c.check('mask', found.mask);
}

function context(c: GoldenCase): void {
  const { window } = z.object({ window: z.int() }).parse(c.params);
  const { data, shape } = c.input('features');
  const [clips, crops, dim] = shape;
  const video = { data: Float32Array.from(data), crops, dim };
  const target = new Float32Array(clips * crops * 2 * dim);
  for (let t = 0; t < clips; t++) {
    for (let crop = 0; crop < crops; crop++) {
      writeContext(video, t, crop, window, target, (t * crops + crop) * 2 * dim);
    }
  }
  c.check('context', target);
}

const byKind: Record<string, (c: GoldenCase) => void> = {
  'cu.uncertainty': uncertainty,
  'cu.reliable': reliable,
  'cu.context': context,
};

export const cuClips: GoldenKind = { kinds: Object.keys(byKind), run: (c) => byKind[c.kind](c) };
