// Every setting of C2FPL: schema with defaults, what the screens show about each, presets, defaults per features.
// Role: the one description of the configuration. Limits: no behaviour; numbers are those of methods.md 2 and 8.
import { z } from 'zod';
import type { MethodInfo, MethodOption } from '../../../shared/contract/entities.ts';
import { extractorNamed } from '../../features/extractors.ts';
import { optionsOf } from '../options.ts';

export const labelModes = z.enum(['directed', 'paper', 'notebook']);

export const c2fplConfig = z.strictObject({
  variant: z
    .enum([
      'c2fpl',
      'density_score',
      'coarse_only',
      'random_videos',
      'random_segments',
      'weak',
      'weak_all_segments',
    ])
    .default('c2fpl'),
  cplMode: labelModes.default('paper'),
  fplMode: labelModes.default('paper'),
  magnitude: z.enum(['l2', 'squared']).default('l2'),
  spread: z.enum(['std', 'variance']).default('std'),
  cropAggregation: z.enum(['mean', 'top3']).default('mean'),
  scaleBy: z.enum(['none', 'pool', 'video']).default('none'),
  poolTo: z.int().min(0).max(10_000).default(0),
  eta: z.number().positive().max(10).default(1),
  beta: z.number().positive().max(1).default(0.2),
  covariance: z.enum(['spherical', 'diag', 'full']).default('spherical'),
  attention: z.enum(['off', 'feature', 'batch']).default('off'),
  hidden1: z.int().min(1).max(8192).default(512),
  hidden2: z.int().min(1).max(8192).default(32),
  dropout: z.number().min(0).max(0.95).default(0.6),
  learningRate: z.number().positive().max(1).default(0.01),
  momentum: z.number().min(0).max(0.999).default(0.9),
  nesterov: z.boolean().default(true),
  weightDecay: z.number().min(0).max(1).default(5e-4),
  batchSize: z.int().min(1).max(65_536).default(128),
  epochs: z.int().min(0).max(100_000).default(0),
  schedule: z.enum(['proportional', 'code', 'constant']).default('proportional'),
  scoreScale: z.enum(['pool', 'none']).default('pool'),
});
export type C2fplConfig = z.infer<typeof c2fplConfig>;

const { choice, real, whole, toggle } = optionsOf(c2fplConfig.parse({}));

const modes = { directed: 'Directed', paper: 'Paper', notebook: 'Published notebook' };

const options: MethodOption[] = [
  choice(
    'cplMode',
    'Which videos are anomalous',
    modes,
    'Directed: the group of videos with the larger magnitude, round after round, up to 60 % of the videos; needs features whose length grows with what is unusual. Paper: the smaller group. Published notebook: the first split, then the 3 % least likely videos of each round.',
    'C2FPL Eq 1-2, Algorithm 1 lines 6-12; methods 2.2',
    { advanced: false },
  ),
  choice(
    'fplMode',
    'Which segments of them',
    modes,
    'Directed: the window that is least likely to be reached by normal segments from below. Paper: the window with the lowest mean density. Published notebook: the window in which the density changes most.',
    'C2FPL Eq 3-5, Algorithm 1 lines 13-22; methods 2.3',
    { advanced: false },
  ),
  real(
    'beta',
    'Share of an anomalous video',
    [0.01, 1],
    'How much of a video labelled anomalous the window covers. 0.2 is the published value; 0.5 suits short clips that are anomalous for most of their length.',
    'C2FPL Algorithm 1 lines 13-22, Figure 5; methods 2.3',
    { advanced: false },
  ),
  real(
    'eta',
    'Anomalous videos per normal one',
    [0.01, 10],
    'Splitting goes on while the number of anomalous videos divided by the number of normal ones is at most this. Directed mode never goes above 60 % of all videos.',
    'C2FPL Algorithm 1 lines 6-12; methods 2.2, 2.7',
    { advanced: false },
  ),
  choice(
    'variant',
    'Variant',
    {
      c2fpl: 'C2FPL',
      density_score: 'Without a detector: 1 - p as the score',
      coarse_only: 'Coarse labels on all segments',
      random_videos: 'Random video labels, then windows',
      random_segments: 'Random segment labels',
      weak: 'Known video labels, then windows',
      weak_all_segments: 'Known video labels on all segments',
    },
    'The complete method, or one of the comparisons of the paper. The random ones show what the detector makes of labels without meaning; those with known video labels take them from ground truth, from reviewed videos or from a list, which must know every video.',
    'C2FPL Table 3; methods 2.7',
  ),
  choice(
    'cropAggregation',
    'Magnitude over crops',
    { mean: 'Mean of all crops', top3: 'Mean of the three highest' },
    'How the magnitudes of the crops of a segment become one number. With the cells of a fixed camera most cells are empty, and the three highest say more than the mean. The detector always takes the mean.',
    'Methods 2.1',
  ),
  choice(
    'magnitude',
    'Magnitude',
    { l2: 'Length', squared: 'Squared length' },
    'The length of a feature vector as in the paper, or its square as in the published notebook.',
    'Methods 2.1',
  ),
  choice(
    'spread',
    'Spread in the video summary',
    { std: 'Standard deviation', variance: 'Variance' },
    'Second number of the summary of a video, beside its mean magnitude. With squared lengths the variance is by far the larger number and decides the split alone.',
    'C2FPL Eq 1-2; methods 2.2',
  ),
  choice(
    'covariance',
    'Shape of the two groups',
    { spherical: 'Spherical', diag: 'Diagonal', full: 'Full' },
    'Covariance of the Gaussian mixture over video summaries. The notebook uses the spherical one; the paper does not say.',
    'Methods 2.2',
  ),
  choice(
    'scaleBy',
    'Scale of the features',
    { none: 'As they are', pool: 'One scale for all videos', video: 'Each video by its own' },
    'Each video by its own suits collections in which every video mixes normal and unusual; it takes away the differences between videos that the coarse labels need.',
    'Methods 2.1',
  ),
  whole(
    'poolTo',
    'Segments per video',
    [0, 10_000],
    '0 keeps all segments. Any other number first averages the features of each video to that many segments; 32 is the comparison of the paper with a fixed number. Scores are spread over the segments again.',
    'C2FPL section 4.3 (FNS); methods 0.2, 2.7',
  ),
  choice(
    'attention',
    'Attention',
    { off: 'Off', feature: 'Over the units of each layer', batch: 'Over the segments of a batch' },
    'The paper describes two attention layers; the published network owns them and never uses them.',
    'C2FPL section 3.3; methods 2.4',
  ),
  whole(
    'hidden1',
    'First layer',
    [1, 8192],
    'Units of the first layer of the detector.',
    'C2FPL section 3.3; methods 2.4',
  ),
  whole(
    'hidden2',
    'Second layer',
    [1, 8192],
    'Units of the second layer of the detector.',
    'C2FPL section 3.3; methods 2.4',
  ),
  real(
    'dropout',
    'Dropout',
    [0, 0.95],
    'Share of units left out at random in each training step.',
    'Methods 2.4',
  ),
  real(
    'learningRate',
    'Learning rate',
    [1e-6, 1],
    'Step size of gradient descent.',
    'C2FPL section 4.1; methods 2.5',
  ),
  real(
    'momentum',
    'Momentum',
    [0, 0.999],
    'How much of the last step goes into the next one.',
    'Methods 2.5',
  ),
  toggle(
    'nesterov',
    'Nesterov momentum',
    'Looks one step ahead, as the published training does. Without momentum it has no effect.',
    'Methods 2.5',
  ),
  real('weightDecay', 'Weight decay', [0, 1], 'Pulls weights towards zero, biases included.', 'Methods 2.5'),
  whole(
    'batchSize',
    'Batch size',
    [1, 65_536],
    'Segments per training step, drawn at random from all videos.',
    'C2FPL section 4.1; methods 2.5',
  ),
  whole(
    'epochs',
    'Epochs',
    [0, 100_000],
    'Passes over all segments. 0 chooses: at least 30, and enough for 400 training steps.',
    'C2FPL section 4.1; methods 2.5',
    { advanced: false },
  ),
  choice(
    'schedule',
    'Learning rate over time',
    { proportional: 'A tenth at 50 % and 83 %', code: 'A tenth at epochs 15 and 25', constant: 'Constant' },
    'When the learning rate drops to a tenth of its value.',
    'Methods 2.5',
  ),
  choice(
    'scoreScale',
    'Scale of the scores',
    { pool: 'Lowest to highest score of the run', none: 'As the detector gives them' },
    'A detector trained on few anomalous segments answers with numbers close to each other. Stretching them to 0 and 1 makes curves and thresholds readable and changes no order and no AUC.',
    'Ours; methods 2.6 compares the outputs as they are',
  ),
];

export const c2fplInfo: MethodInfo = {
  name: 'c2fpl',
  title: 'C2FPL',
  summary:
    'Labels whole videos first, by how the magnitude of their features splits into two groups, then the least normal stretch inside each anomalous video, and trains a detector on these labels.',
  paper:
    'A Coarse-to-Fine Pseudo-Labeling (C2FPL) Framework for Unsupervised Video Anomaly Detection, WACV 2024',
  knownLabels: { option: 'variant', values: ['weak', 'weak_all_segments'] },
  options,
  presets: [
    {
      name: 'default',
      label: 'Recommended',
      help: 'What suits the features of this run: directed labels for features with a direction, the literal paper for all others.',
      values: {},
    },
    {
      name: 'paper',
      label: 'Paper',
      help: 'As the paper describes it: lengths, standard deviations, the smaller group, attention, 100 epochs of plain gradient descent.',
      values: {
        cplMode: 'paper',
        fplMode: 'paper',
        magnitude: 'l2',
        spread: 'std',
        cropAggregation: 'mean',
        scaleBy: 'none',
        poolTo: 0,
        eta: 1,
        beta: 0.2,
        covariance: 'spherical',
        attention: 'feature',
        hidden1: 512,
        hidden2: 32,
        learningRate: 0.01,
        momentum: 0,
        nesterov: false,
        batchSize: 128,
        epochs: 100,
        schedule: 'constant',
      },
    },
    {
      name: 'code',
      label: 'Published code',
      help: 'As the published notebook and training script do it: squared lengths, variances, the 3 % least likely videos, 30 epochs.',
      values: {
        cplMode: 'notebook',
        fplMode: 'notebook',
        magnitude: 'squared',
        spread: 'variance',
        cropAggregation: 'mean',
        scaleBy: 'none',
        poolTo: 0,
        eta: 1,
        beta: 0.2,
        covariance: 'spherical',
        attention: 'off',
        hidden1: 512,
        hidden2: 32,
        learningRate: 0.01,
        momentum: 0.9,
        nesterov: true,
        weightDecay: 5e-4,
        batchSize: 128,
        epochs: 30,
        schedule: 'code',
      },
    },
  ],
};

/** Defaults for the features at hand, with the reason as a sentence for the user. */
export function c2fplDefaultsFor(extractor: string): { values: Partial<C2fplConfig>; why: string } {
  const known = extractorNamed(extractor);
  if (!known?.directed) {
    return {
      values: { cplMode: 'paper', fplMode: 'paper' },
      why: 'These features have no known direction, so the labels follow the paper to the letter: the smaller group of videos counts as anomalous.',
    };
  }
  return {
    values: {
      cplMode: 'directed',
      fplMode: 'directed',
      cropAggregation: known.aggregation,
      scaleBy: 'pool',
      beta: 0.5,
      hidden1: 128,
      hidden2: 32,
    },
    why: 'The length of these features grows with fast or unusual motion, so the group of videos with the larger magnitude counts as anomalous; the rule of the paper has no direction and can take quiet videos for anomalous ones. The network is small because the features have few dimensions.',
  };
}
