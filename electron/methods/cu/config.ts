// Every setting of CU-Net: schema with defaults, what the screens show about each, presets, defaults per features.
// Role: the one description of the configuration. Limits: no behaviour; numbers are those of methods.md 4.
import { z } from 'zod';
import type { MethodInfo, MethodOption } from '../../../shared/contract/entities.ts';
import { extractorNamed } from '../../features/extractors.ts';

export const cuConfig = z.strictObject({
  videoLabels: z.enum(['coarse', 'known']).default('coarse'),
  coarseMode: z.enum(['directed', 'paper', 'notebook']).default('paper'),
  eta: z.number().positive().max(10).default(1),
  cropAggregation: z.enum(['mean', 'top3']).default('mean'),
  variant: z.enum(['cu', 'completeness', 'uncertainty', 'baseline', 'random']).default('cu'),
  scaleBy: z.enum(['none', 'pool', 'video', 'unit']).default('none'),
  heads: z.int().min(1).max(16).default(2),
  alpha: z.number().min(0).max(1000).default(1),
  norm: z.enum(['cmcs', 'literal']).default('cmcs'),
  pairing: z.enum(['oneToOne', 'allPairs']).default('oneToOne'),
  segments: z.int().min(1).max(1024).default(32),
  pairs: z.int().min(1).max(4096).default(30),
  epochs: z.int().min(0).max(100_000).default(0),
  generatorHidden1: z.int().min(1).max(8192).default(512),
  generatorHidden2: z.int().min(1).max(8192).default(128),
  generatorDropout: z.number().min(0.01).max(0.95).default(0.6),
  generatorOptimiser: z.enum(['adadelta', 'adam']).default('adadelta'),
  generatorRate: z.number().positive().max(10).default(0.1),
  generatorCrops: z.enum(['all', 'random']).default('all'),
  passes: z.int().min(2).max(1000).default(50),
  roundPasses: z.int().min(2).max(1000).default(5),
  ratio: z.number().min(0.01).max(1).default(0.5),
  rounds: z.int().min(1).max(50).default(3),
  normalTargets: z.enum(['zero', 'generated']).default('zero'),
  rescaleLabels: z.boolean().default(true),
  window: z.int().min(1).max(1000).default(5),
  roundEpochs: z.int().min(0).max(100_000).default(0),
  classifierHidden1: z.int().min(1).max(8192).default(512),
  classifierHidden2: z.int().min(1).max(8192).default(32),
  classifierDropout: z.number().min(0.01).max(0.95).default(0.8),
  learningRate: z.number().positive().max(1).default(1e-3),
  weightDecay: z.number().min(0).max(1).default(5e-4),
  batchSize: z.int().min(1).max(65_536).default(128),
  classifierCrops: z.enum(['all', 'random']).default('random'),
  restart: z.boolean().default(true),
  scoreScale: z.enum(['pool', 'none']).default('pool'),
});
export type CuConfig = z.infer<typeof cuConfig>;

type Key = keyof CuConfig;
const defaults = cuConfig.parse({});

type Level = { advanced?: boolean };
const choice = (
  key: Key,
  label: string,
  choices: Record<string, string>,
  help: string,
  source: string,
  { advanced = true }: Level = {},
): MethodOption => ({
  key,
  label,
  help,
  source,
  type: 'choice',
  choices: Object.entries(choices).map(([value, text]) => ({ value, label: text })),
  default: defaults[key],
  advanced,
});
const numeric =
  (type: 'number' | 'integer') =>
  (
    key: Key,
    label: string,
    [min, max]: [number, number],
    help: string,
    source: string,
    { advanced = true }: Level = {},
  ): MethodOption => ({ key, label, help, source, type, min, max, default: defaults[key], advanced });
const real = numeric('number');
const whole = numeric('integer');
const toggle = (key: Key, label: string, help: string, source: string): MethodOption => ({
  key,
  label,
  help,
  source,
  type: 'switch',
  default: defaults[key],
  advanced: true,
});

const crops = { all: 'All, averaged', random: 'One at random' };
const options: MethodOption[] = [
  choice(
    'videoLabels',
    'Which videos are anomalous',
    { coarse: 'Found by itself, as C2FPL does', known: 'Known from the ground truth' },
    "Found by itself: C2FPL's coarse labels, without annotation. Known: a video whose ground truth has an interval is anomalous; videos without ground truth are scored but take no part in training.",
    'CU-Net section 3.1 (video labels are given); methods 2.2',
    { advanced: false },
  ),
  choice(
    'coarseMode',
    'How they are found',
    { directed: 'Directed', paper: 'Paper', notebook: 'Published notebook' },
    'Directed: the group of videos with the larger magnitude, up to 60 % of them. Paper: the smaller group. Published notebook: the first split, then the 3 % least likely videos of each round. Known labels do not use it.',
    'C2FPL Algorithm 1 lines 6-12; methods 2.2',
    { advanced: false },
  ),
  real(
    'ratio',
    'Share of clips that train',
    [0.01, 1],
    'R: of each video only this share of its clips, the least uncertain ones, trains the classifier. Published: 0.5 for UCF-Crime, 0.7 for XD-Violence, 0.3 for TAD.',
    'CU-Net sections 3.3, 4.2; methods 4.4',
    { advanced: false },
  ),
  whole(
    'rounds',
    'Rounds of labelling',
    [1, 50],
    'How often the classifier is trained and labels the clips anew. Published: 3, and 5 for TAD.',
    'CU-Net Algorithm 1, section 4.5; methods 4.5',
    { advanced: false },
  ),
  choice(
    'variant',
    'Variant',
    {
      cu: 'CU-Net: completeness and uncertainty',
      completeness: 'Several heads, all clips train',
      uncertainty: 'One head, certain clips train',
      baseline: 'One head, all clips train',
      random: 'Several heads, clips chosen at random',
    },
    'The complete method, or one of the comparisons of the paper. Clips chosen at random is plain self-training with the same share.',
    'CU-Net section 4.4; methods 4.7',
  ),
  whole(
    'heads',
    'Heads',
    [1, 16],
    'K: networks of the first stage that look for different parts of an anomaly. Published: 2.',
    'CU-Net section 3.2, Figure 4; methods 4.2',
  ),
  real(
    'alpha',
    'Weight of completeness',
    [0, 1000],
    'Weight of the diversity and norm losses beside the ranking loss. Published: 10 for UCF-Crime, 0.1 for XD-Violence and TAD.',
    'CU-Net Eq 7, section 4.5; methods 4.2',
  ),
  choice(
    'norm',
    'Norm loss',
    { cmcs: 'Balance the heads', literal: 'As Eq 3 is written' },
    'Balance: how far the magnitude of each head is from their mean, as in the work that the paper adapts. As written: mean norm minus norm of the mean, which pulls the heads together.',
    'CU-Net Eq 3; methods 4.2, 8 row 25',
  ),
  choice(
    'pairing',
    'Pairs of the ranking loss',
    { oneToOne: 'One to one', allPairs: 'Each with each' },
    'Whether an anomalous video of a batch is compared with one normal video or with all of them.',
    'CU-Net Eq 6; methods 4.2',
  ),
  real(
    'eta',
    'Anomalous videos per normal one',
    [0.01, 10],
    'Videos are split while the number of anomalous ones divided by the number of normal ones is at most this. Known labels do not use it.',
    'C2FPL Algorithm 1 lines 6-12; methods 2.2, 2.7',
  ),
  choice(
    'cropAggregation',
    'Magnitude over crops',
    { mean: 'Mean of all crops', top3: 'Mean of the three highest' },
    'How the magnitudes of the crops of a segment become one number, for the labels of whole videos only. The networks average over all crops.',
    'Methods 2.1',
  ),
  choice(
    'scaleBy',
    'Scale of the features',
    {
      none: 'As they are',
      pool: 'One scale for all videos',
      video: 'Each video by its own',
      unit: 'Each vector to length 1',
    },
    'Vectors of length 1 leave no magnitude, which the coarse labels need: these are then found before scaling.',
    'Methods 2.1, 4.1',
  ),
  whole(
    'segments',
    'Segments per video, first stage',
    [1, 1024],
    'The first stage sees each video as this many averaged segments; the second sees every clip.',
    'CU-Net section 4.2; methods 0.2, 4.1',
  ),
  whole(
    'pairs',
    'Videos of each kind per step',
    [1, 4096],
    'Anomalous and normal videos in a training step of the first stage. Where one kind has fewer, its videos come more often.',
    'Methods 4.2 (open in the paper)',
  ),
  whole(
    'epochs',
    'Epochs, first stage',
    [0, 100_000],
    'Passes over the videos. 0 chooses: at least 100, and enough for 400 training steps.',
    'Methods 4.2 (open in the paper)',
    { advanced: false },
  ),
  whole('generatorHidden1', 'First layer of a head', [1, 8192], 'Units.', 'CU-Net section 4.2; methods 4.2'),
  whole('generatorHidden2', 'Second layer of a head', [1, 8192], 'Units.', 'CU-Net section 4.2; methods 4.2'),
  real(
    'generatorDropout',
    'Dropout of a head',
    [0.01, 0.95],
    'Share of units left out at random, in training and in the passes that measure uncertainty.',
    'CU-Net section 4.2; methods 4.2',
  ),
  choice(
    'generatorOptimiser',
    'Optimiser, first stage',
    { adadelta: 'Adadelta', adam: 'Adam' },
    'Adadelta is published. Where gradients are far below .001, as with cells that are mostly empty, it hardly moves; Adam does not mind their size.',
    'CU-Net section 4.2; methods 0.5, 4.2',
  ),
  real(
    'generatorRate',
    'Learning rate, first stage',
    [1e-6, 10],
    'Published: 0.1 for Adadelta. Adam wants about 0.001.',
    'CU-Net section 4.2; methods 4.2',
  ),
  choice(
    'generatorCrops',
    'Crops, first stage',
    crops,
    'What a training step sees of each video. All crops cost as many times more. Labels and scores always average over all.',
    'Methods 4.2 (open in the paper)',
  ),
  whole(
    'passes',
    'Passes, first labels',
    [2, 1000],
    'Passes with dropout whose mean is the first label of a clip and whose variance its uncertainty.',
    'CU-Net Eq 8-10, section 4.2; methods 4.3',
  ),
  whole(
    'roundPasses',
    'Passes, later labels',
    [2, 1000],
    'The same after each round of the classifier.',
    'CU-Net section 4.2; methods 4.3',
  ),
  choice(
    'normalTargets',
    'Labels of normal videos',
    { zero: 'Zero', generated: 'As generated' },
    'The clips of a normal video are known to be normal; as generated takes what the network says instead.',
    'Methods 4.4 (open in the paper)',
  ),
  toggle(
    'rescaleLabels',
    'Stretch labels per video',
    'Smooths the labels of each anomalous video twice over five clips and stretches them to 0 and 1, as MIST does. Without it the labels of small collections shrink towards 0 from round to round, because labels near 0 are the certain ones.',
    'Methods 4.4 (there off by default)',
  ),
  whole(
    'window',
    'Clips of memory',
    [1, 1000],
    'The classifier sees a clip beside the mean of this many clips before it.',
    'CU-Net section 3.3; methods 4.5',
  ),
  whole(
    'roundEpochs',
    'Epochs per round',
    [0, 100_000],
    'Passes of the classifier over the chosen clips. 0 chooses: at least 10, and enough for 300 training steps.',
    'Methods 4.5 (open in the paper)',
    { advanced: false },
  ),
  whole('classifierHidden1', 'First layer of the classifier', [1, 8192], 'Units.', 'Methods 4.5'),
  whole('classifierHidden2', 'Second layer of the classifier', [1, 8192], 'Units.', 'Methods 4.5'),
  real(
    'classifierDropout',
    'Dropout of the classifier',
    [0.01, 0.95],
    'Share of units left out at random, in training and in the passes that measure uncertainty.',
    'CU-Net section 4.2; methods 4.5',
  ),
  real(
    'learningRate',
    'Learning rate, classifier',
    [1e-6, 1],
    'Of Adam. Published: 0.0001, for tens of thousands of steps; small collections have a few hundred.',
    'CU-Net section 4.2; methods 4.5',
  ),
  real(
    'weightDecay',
    'Weight decay',
    [0, 1],
    'Pulls the weights of the classifier towards zero.',
    'Methods 4.5',
  ),
  whole(
    'batchSize',
    'Batch size, classifier',
    [1, 65_536],
    'Clips per training step.',
    'Methods 4.5 (open in the paper)',
  ),
  choice(
    'classifierCrops',
    'Crops, classifier',
    crops,
    'What a training step sees of each clip. Scores always average over all.',
    'Methods 4.5 (open in the paper)',
  ),
  toggle(
    'restart',
    'New classifier each round',
    'Each round starts from fresh weights; otherwise it goes on with those of the round before.',
    'CU-Net Algorithm 1; methods 4.5 (open in the paper)',
  ),
  choice(
    'scoreScale',
    'Scale of the scores',
    { pool: 'Lowest to highest score of the run', none: 'As the classifier gives them' },
    'Stretching to 0 and 1 makes curves and thresholds readable and changes no order and no AUC.',
    'Ours; methods 4.6 compares the outputs as they are',
  ),
];

export const cuInfo: MethodInfo = {
  name: 'cu',
  title: 'CU-Net',
  summary:
    'Several heads find the whole of each anomaly, not only its clearest part; then only the labels that stay the same under dropout train a classifier, round after round.',
  paper:
    'Exploiting Completeness and Uncertainty of Pseudo Labels for Weakly Supervised Video Anomaly Detection, CVPR 2023',
  options,
  presets: [
    {
      name: 'default',
      label: 'Recommended',
      help: 'What suits the features of this run; labels of whole videos are found by itself.',
      values: {},
    },
    {
      name: 'quick',
      label: 'Quick',
      help: 'A first look: one round, 10 passes, few epochs.',
      values: { rounds: 1, passes: 10, epochs: 30, roundEpochs: 10, generatorCrops: 'random' },
    },
    {
      name: 'paper',
      label: 'Paper',
      help: 'As the paper describes it for UCF-Crime; what it leaves open follows methods.md. Small collections need more epochs.',
      values: {
        variant: 'cu',
        scaleBy: 'none',
        heads: 2,
        alpha: 10,
        norm: 'cmcs',
        pairing: 'oneToOne',
        segments: 32,
        pairs: 30,
        epochs: 100,
        generatorHidden1: 512,
        generatorHidden2: 128,
        generatorDropout: 0.6,
        generatorOptimiser: 'adadelta',
        generatorRate: 0.1,
        generatorCrops: 'all',
        passes: 50,
        roundPasses: 5,
        ratio: 0.5,
        rounds: 3,
        normalTargets: 'zero',
        rescaleLabels: false,
        window: 5,
        roundEpochs: 10,
        classifierHidden1: 512,
        classifierHidden2: 32,
        classifierDropout: 0.8,
        learningRate: 1e-4,
        weightDecay: 5e-4,
        batchSize: 128,
        classifierCrops: 'random',
        restart: true,
      },
    },
    {
      name: 'thorough',
      label: 'Thorough',
      help: 'Twice the passes, five rounds, longer training.',
      values: { rounds: 5, passes: 100, roundPasses: 20, epochs: 800, roundEpochs: 200 },
    },
  ],
};

/** Defaults for the features at hand, with the reason as a sentence for the user. */
export function cuDefaultsFor(extractor: string): { values: Partial<CuConfig>; why: string } {
  const known = extractorNamed(extractor);
  if (!known) {
    return {
      values: {},
      why: 'These features have no known direction, so anomalous videos are found by the rule of the C2FPL paper, the smaller group; known video labels are better where they exist.',
    };
  }
  return {
    values: {
      coarseMode: known.directed ? 'directed' : 'paper',
      cropAggregation: known.aggregation,
      scaleBy: 'pool',
      generatorHidden1: 64,
      generatorHidden2: 32,
      generatorOptimiser: 'adam',
      generatorRate: 1e-3,
      classifierHidden1: 64,
      classifierHidden2: 32,
      classifierCrops: 'all',
    },
    why: 'The networks are small and learn faster because the features have few dimensions, and see all cells at once because most of them are empty.',
  };
}
