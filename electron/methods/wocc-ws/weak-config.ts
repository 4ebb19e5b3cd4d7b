// Settings of the weakly supervised models trained by themselves: RTFM and the ranking network of Sultani et al.
// Role: schemas, what the screens show, presets, defaults per features. Limits: no behaviour.
import { z } from 'zod';
import type { MethodInfo, MethodOption } from '../../../shared/contract/entities.ts';
import { extractorNamed } from '../../features/extractors.ts';
import { optionsOf } from '../options.ts';

/** What may be chosen about the network of RTFM, here and in the loop. */
export const NETWORKS = {
  auto: 'To suit the features',
  full: 'As published',
  lite: 'Small: two branches',
} as const;
export const NETWORK_HELP =
  'The published network looks near with three branches and far with a fourth. The small one has two near branches, no far one and no batch normalisation; features of at most 256 numbers get it, all others the published one.';

const common = {
  videoLabels: z.enum(['coarse', 'known']).default('coarse'),
  coarseMode: z.enum(['directed', 'paper', 'notebook']).default('paper'),
  eta: z.number().positive().max(10).default(1),
  segments: z.int().min(4).max(1024).default(32),
  batches: z.int().min(0).max(1_000_000).default(0),
  aggregation: z.enum(['mean', 'top3']).default('mean'),
  scoreScale: z.enum(['pool', 'none']).default('pool'),
};

export const rtfmConfig = z.strictObject({
  ...common,
  network: z.enum(['auto', 'full', 'lite']).default('auto'),
  pairs: z.int().min(1).max(256).default(32),
  learningRate: z.number().positive().max(1).default(1e-3),
  weightDecay: z.number().min(0).max(1).default(5e-3),
  dropout: z.number().min(0).max(0.95).default(0.7),
  joint: z.boolean().default(false),
  cropsAtOnce: z.int().min(0).max(1024).default(0),
  scaleBy: z.enum(['pool', 'none']).default('none'),
});
export type RtfmConfig = z.infer<typeof rtfmConfig>;

export const sultaniConfig = z.strictObject({
  ...common,
  pairs: z.int().min(1).max(256).default(30),
  learningRate: z.number().positive().max(1).default(0.01),
  pooling: z.enum(['even', 'sultani']).default('even'),
  l2: z.number().min(0).max(1).default(1e-3),
  dropout: z.number().min(0).max(0.95).default(0.6),
  scaleBy: z.enum(['pool', 'unit', 'none']).default('unit'),
});
export type SultaniConfig = z.infer<typeof sultaniConfig>;

type Shared = Pick<RtfmConfig & SultaniConfig, keyof typeof common | 'pairs' | 'learningRate' | 'dropout'>;

function sharedOptions(
  defaults: Shared,
  pairs: { help: string; source: string },
  batches: string,
): MethodOption[] {
  const { choice, whole, real } = optionsOf<Shared>(defaults);
  return [
    choice(
      'videoLabels',
      'Which videos are anomalous',
      { coarse: 'Found by itself, as C2FPL does', known: 'Known from elsewhere' },
      "Found by itself: C2FPL's coarse labels, without annotation. Known: from ground truth, from reviewed videos or from a list; videos nobody says anything about are scored but take no part in training.",
      'The paper takes video labels as given; methods 2.2',
      { advanced: false },
    ),
    whole(
      'batches',
      'Training steps',
      [0, 1_000_000],
      `Updates of the network; the last one counts, and no test set chooses among them. 0 chooses: 300 where features have few dimensions, else 1,000. Published: ${batches}.`,
      'Methods 3.7, 3.8',
      { advanced: false },
    ),
    whole('pairs', 'Videos of each kind in a step', [1, 256], pairs.help, pairs.source),
    whole(
      'segments',
      'Segments per video in training',
      [4, 1024],
      'Every video is brought to this number of segments to train on; scores are made for the segments it has.',
      'Methods 0.2',
    ),
    choice(
      'aggregation',
      'Score over crops',
      { mean: 'Mean of all crops', top3: 'Mean of the three highest' },
      'With cells of a fixed camera most are empty, and the three highest say more than the mean.',
      'Default-extractor section 4',
    ),
    real('learningRate', 'Learning rate', [1e-6, 1], 'Step size.', 'Methods 3.7, 3.8'),
    real(
      'dropout',
      'Dropout',
      [0, 0.95],
      'Share of units left out at random in each step.',
      'Methods 3.7, 3.8',
    ),
    choice(
      'coarseMode',
      'Coarse labels: which group is anomalous',
      {
        directed: 'The one with the larger magnitude',
        paper: 'The smaller one (paper)',
        notebook: 'As the published notebook',
      },
      'How labels of whole videos are found where none are known.',
      'C2FPL section 3.2; methods 2.2',
    ),
    real(
      'eta',
      'Coarse labels: stop at',
      [0.01, 10],
      'Ratio of the two groups at which dividing ends.',
      'Methods 2.2',
    ),
    choice(
      'scoreScale',
      'Scale of the scores',
      { pool: 'Lowest to highest score of the run', none: 'As the network gives them' },
      'Stretching to 0 and 1 makes curves and thresholds readable and changes no order and no AUC.',
      'Ours',
    ),
  ];
}

const rtfmDefaults = rtfmConfig.parse({});
const sultaniDefaults = sultaniConfig.parse({});
const rtfmOptions = optionsOf(rtfmDefaults);
const sultaniOptions = optionsOf(sultaniDefaults);
const known = { option: 'videoLabels', values: ['known'] };

export const rtfmInfo: MethodInfo = {
  name: 'rtfm',
  title: 'RTFM',
  summary:
    'Learns from labels of whole videos: in each, the three segments with the longest features stand for it, seen together with what is near and far in time.',
  paper:
    'Weakly-supervised Video Anomaly Detection with Robust Temporal Feature Magnitude Learning, ICCV 2021',
  knownLabels: known,
  weights: { network: 'RTFM', where: null },
  options: [
    ...sharedOptions(
      rtfmDefaults,
      {
        help: 'Anomalous and as many normal videos in every step; with fewer videos they come with repeats.',
        source: 'RTFM section 4: 32; methods 3.7',
      },
      '15,000',
    ),
    rtfmOptions.choice(
      'network',
      'Network',
      NETWORKS,
      NETWORK_HELP,
      'Methods 3.7; default-extractor section 4',
      { advanced: false },
    ),
    rtfmOptions.real(
      'weightDecay',
      'Weight decay',
      [0, 1],
      'Pulls the weights towards zero.',
      'RTFM section 4; methods 3.7',
    ),
    rtfmOptions.toggle(
      'joint',
      'Shorten normal features',
      'Adds the squared length of normal features to the loss, as Joint-VAD does.',
      'Methods 3.7',
    ),
    rtfmOptions.whole(
      'cropsAtOnce',
      'Crops at once',
      [0, 1024],
      'Crops that go through the network together: a divisor of their number. 0 chooses what fits into memory; gradients of the rest are added up.',
      'Methods 3.7; memory measured',
    ),
    rtfmOptions.choice(
      'scaleBy',
      'Scale of the features',
      { pool: 'One scale for all videos', none: 'As they are' },
      'One scale brings the features of the built-in extractors to a length of about 0.5.',
      'Default-extractor section 2.6',
    ),
  ],
  presets: [
    {
      name: 'default',
      label: 'Recommended',
      help: 'What suits the features of this run; labels of whole videos are found by itself.',
      values: {},
    },
    {
      name: 'paper',
      label: 'Paper',
      help: '32 segments, 32 + 32 videos, 15,000 steps, features as they are.',
      values: {
        network: 'full',
        segments: 32,
        pairs: 32,
        batches: 15_000,
        learningRate: 1e-3,
        weightDecay: 5e-3,
        dropout: 0.7,
        joint: false,
        scaleBy: 'none',
      },
    },
  ],
};

export const sultaniInfo: MethodInfo = {
  name: 'sultani',
  title: 'Ranking MIL',
  summary:
    'Learns from labels of whole videos: the highest score of every anomalous video is to be higher than the highest of every normal one.',
  paper: 'Real-world Anomaly Detection in Surveillance Videos (Sultani et al.), CVPR 2018',
  knownLabels: known,
  options: [
    ...sharedOptions(
      sultaniDefaults,
      {
        help: 'Anomalous and as many normal videos in every step, compared all with all; with fewer videos they come with repeats.',
        source: 'Sultani et al. section 5: 30; methods 3.8',
      },
      '20,000',
    ),
    sultaniOptions.choice(
      'pooling',
      'Segments in training',
      { even: 'Even shares of the video', sultani: 'As the published code' },
      'How a video is brought to its number of segments. The published code rounds the borders from the first to the last vector, leaves the last one out, and brings the means to length 1 where vectors are.',
      'Save_C3DFeatures_32Segments; methods 3.8',
    ),
    sultaniOptions.real('l2', 'Weight penalty', [0, 1], 'Penalty of the squared weights.', 'Methods 3.8'),
    sultaniOptions.choice(
      'scaleBy',
      'Scale of the features',
      { unit: 'Every vector to length 1', pool: 'One scale for all videos', none: 'As they are' },
      'The published code brings every vector to length 1. That hides the speed in the features of the built-in extractors, which get one scale instead.',
      'Methods 3.8',
    ),
  ],
  presets: [
    {
      name: 'default',
      label: 'Recommended',
      help: 'What suits the features of this run; labels of whole videos are found by itself.',
      values: {},
    },
    {
      name: 'paper',
      label: 'Paper',
      help: '32 segments, 30 + 30 videos, 20,000 steps, vectors of length 1.',
      values: {
        segments: 32,
        pooling: 'sultani',
        pairs: 30,
        batches: 20_000,
        learningRate: 0.01,
        l2: 1e-3,
        dropout: 0.6,
        scaleBy: 'unit',
      },
    },
  ],
};

/** Defaults for the features at hand, with the reason as a sentence for the user. */
export function weakDefaultsFor(extractor: string): {
  values:
    | { coarseMode: 'directed' | 'paper'; aggregation: 'mean' | 'top3'; scaleBy: 'pool' }
    | Record<never, never>;
  why: string;
} {
  const found = extractorNamed(extractor);
  if (!found) {
    return {
      values: {},
      why: 'These features have no known direction, so anomalous videos are found by the rule of the C2FPL paper, the smaller group; known video labels are better where they exist.',
    };
  }
  return {
    values: {
      coarseMode: found.directed ? 'directed' : 'paper',
      aggregation: found.aggregation,
      scaleBy: 'pool',
    },
    why: `${found.name} divides the picture into ${found.crops} cells, of which the three highest count; its features are brought to one scale.`,
  };
}
