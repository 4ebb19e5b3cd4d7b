// Options of the autoencoder ensemble. Role: schema, defaults and their description for people; the widths of a network.
// Limits: no computation.
import { z } from 'zod';
import type { MethodInfo } from '../../../shared/contract/entities.ts';
import { cropOptions } from '../crop-options.ts';
import { BALANCES } from '../crop-output.ts';

export const aeConfig = z.strictObject({
  members: z.int().min(1).max(50).default(5),
  starts: z.int().min(1).max(10).default(2),
  steps: z.int().min(0).max(1_000_000).default(600),
  code: z.int().min(0).max(4096).default(0),
  batchSize: z.int().min(1).max(65_536).default(512),
  learningRate: z.number().positive().max(1).default(1e-3),
  aggregation: z.enum(['top3', 'mean']).default('top3'),
  balance: z.enum(BALANCES).default('0'),
  deviations: z.number().min(0.5).max(20).default(3),
});
export type AeConfig = z.infer<typeof aeConfig>;

/** Slope of the hidden activation below zero: plain ReLU lets the two units of the code die. */
const SLOPE = 0.1;

/**
 * Widths for vectors of any length D: hidden layers h and h / 2, code h / 32, with h the power of two from D / 4 up and
 * at least 64. So 19 numbers (and all up to 256) get 64-32-2, and 2,048 get 512-256-16.
 * @param code units in the middle; 0 takes h / 32
 */
export function networkShape(dim: number, code: number): { widths: number[]; slope: number } {
  const hidden = Math.max(64, 2 ** Math.ceil(Math.log2(dim / 4)));
  const middle = code > 0 ? code : hidden / 32;
  return { widths: [dim, hidden, hidden / 2, middle, hidden / 2, hidden, dim], slope: SLOPE };
}

const [aggregation, balance, deviations] = cropOptions;

export const aeInfo: MethodInfo = {
  name: 'ae',
  title: 'Autoencoder ensemble',
  summary:
    'Several small networks learn to redraw each feature vector through a very narrow middle. What they redraw badly is unlike most of the footage and gets a high score.',
  paper:
    'No paper: our own default score for features whose length says little; a plain autoencoder is part of GCL.',
  knownLabels: null,
  options: [
    balance,
    {
      key: 'members',
      label: 'Networks',
      help: 'Their errors are averaged. One network is within about .02 of five, but depends more on the seed.',
      source: 'Ours; default extractor 2, sections 3.1 and 4',
      type: 'integer',
      min: 1,
      max: 50,
      default: 5,
      advanced: false,
    },
    {
      key: 'starts',
      label: 'Starts',
      help: 'So many times as many networks are trained, and those that redraw worst are dropped: some starts leave a unit of the middle unused.',
      source: 'Ours; measured on UCSD Ped2 and CUHK Avenue, docs/results.md',
      type: 'integer',
      min: 1,
      max: 10,
      default: 2,
      advanced: true,
    },
    {
      key: 'steps',
      label: 'Training steps',
      help: 'For each network. 0 leaves the networks untrained: a control that shows what training adds.',
      source: 'Ours; default extractor 2, sections 3.1 and 5',
      type: 'integer',
      min: 0,
      max: 1_000_000,
      default: 600,
      advanced: false,
    },
    {
      key: 'code',
      label: 'Units in the middle',
      help: 'A narrow middle is essential: wider ones learn to redraw anomalies too. 0 chooses: 2 for up to 256 numbers, else in proportion to the first layer.',
      source: 'Ours; default extractor 2, section 5. Tried with 19 numbers only',
      type: 'integer',
      min: 0,
      max: 4096,
      default: 0,
      advanced: true,
    },
    {
      key: 'batchSize',
      label: 'Batch size',
      help: 'Vectors per training step, one for each crop of a segment, drawn at random with replacement.',
      source: 'Ours; default extractor 2, section 3.1',
      type: 'integer',
      min: 1,
      max: 65_536,
      default: 512,
      advanced: true,
    },
    {
      key: 'learningRate',
      label: 'Learning rate',
      help: 'Step size of Adam.',
      source: 'Ours; default extractor 2, section 3.1',
      type: 'number',
      min: 1e-6,
      max: 1,
      default: 1e-3,
      advanced: true,
    },
    aggregation,
    deviations,
  ],
  presets: [
    {
      name: 'default',
      label: 'Recommended',
      help: 'Five networks of 600 steps, no activity balance.',
      values: {},
    },
    {
      name: 'untrained',
      label: 'Untrained control',
      help: 'The same networks without training. Compare a trained run with it.',
      values: { steps: 0, starts: 1 },
    },
  ],
};
