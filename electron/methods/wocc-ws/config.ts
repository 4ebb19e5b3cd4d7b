// Every setting of the loop: schema with defaults, what the screens show about each, presets, defaults per features.
// Role: the one description of the configuration. Limits: no behaviour; what 0 becomes is decided in method.ts.
import { z } from 'zod';
import type { MethodInfo, MethodOption } from '../../../shared/contract/entities.ts';
import { extractorNamed } from '../../features/extractors.ts';
import { optionsOf } from '../options.ts';
import { NETWORK_HELP, NETWORKS } from './weak-config.ts';

export const woccConfig = z.strictObject({
  oneClass: z.enum(['ae', 'stgnf', 'jigsaw']).default('ae'),
  weak: z.enum(['rtfm', 'sultani']).default('rtfm'),
  variant: z.enum(['loop', 'oneClass', 'weak', 'allData']).default('loop'),
  output: z.enum(['weak', 'oneClass', 'mean']).default('weak'),
  ratio: z.number().min(0.001).max(0.9).default(0.15),
  threshold: z.enum(['adaptive', 'fixed']).default('adaptive'),
  weighting: z.enum(['soft', 'hard']).default('soft'),
  stopQ: z.number().min(0).max(1).default(0.1),
  stopReference: z.enum(['code', 'paper']).default('code'),
  maxModules: z.int().min(1).max(50).default(6),
  stepsPerModule: z.int().min(1).max(50).default(6),
  convergeEps: z.number().min(0).max(1000).default(0),
  oneClassEpochs: z.int().min(0).max(1000).default(0),
  weakBatches: z.int().min(0).max(4000).default(0),
  start: z.enum(['paper', 'perFrameMin']).default('paper'),
  bagMode: z.enum(['paper', 'code']).default('code'),
  labelSmoothing: z.enum(['off', 'perVideo', 'concatenated']).default('perVideo'),
  bags: z.int().min(1).max(256).default(32),
  aggregation: z.enum(['mean', 'top3']).default('mean'),
  scaleBy: z.enum(['auto', 'pool', 'none']).default('auto'),
  batchSize: z.int().min(1).max(65_536).default(512),
  learningRateAe: z.number().positive().max(1).default(1e-3),
  poseLength: z
    .int()
    .min(4)
    .max(128)
    .refine((length) => Math.floor(length / 2) % 2 === 0, 'half of it must be even, as with 16 or 24')
    .default(24),
  poseStride: z.int().min(1).max(100).default(6),
  priorMean: z.number().min(0).max(100).default(3),
  batchSizePose: z.int().min(2).max(65_536).default(256),
  learningRatePose: z.number().positive().max(1).default(5e-4),
  cubeFrames: z
    .int()
    .min(3)
    .max(31)
    .refine((frames) => frames % 2 === 1, 'it must be odd, as 7 or 9')
    .default(7),
  cubeEvery: z.int().min(1).max(1000).default(8),
  boxConfidence: z.number().min(0).max(1).default(0.5),
  cubeWidth: z.int().min(1).max(128).default(32),
  batchSizeJigsaw: z.int().min(2).max(4096).default(32),
  learningRateJigsaw: z.number().positive().max(1).default(1e-4),
  network: z.enum(['auto', 'full', 'lite']).default('auto'),
  learningRateRtfm: z.number().positive().max(1).default(1e-3),
  weightDecay: z.number().min(0).max(1).default(5e-3),
  dropoutRtfm: z.number().min(0).max(0.95).default(0.7),
  cropsAtOnce: z.int().min(0).max(1024).default(0),
  learningRateSultani: z.number().positive().max(1).default(0.01),
  l2: z.number().min(0).max(1).default(1e-3),
  dropoutSultani: z.number().min(0).max(0.95).default(0.6),
});
export type WoccConfig = z.infer<typeof woccConfig>;

const { choice, real, whole } = optionsOf(woccConfig.parse({}));

const options: MethodOption[] = [
  choice(
    'oneClass',
    'One-class model',
    {
      ae: 'Autoencoder on the features',
      stgnf: 'STG-NF on poses of persons',
      jigsaw: 'Jigsaw on objects cut from the footage',
    },
    'Learns what is usual; objects that the other model doubts count less. STG-NF needs imported poses, Jigsaw imported boxes and the footage itself.',
    'Joint-VAD section 3.1; methods 3.2',
    { advanced: false },
  ),
  choice(
    'weak',
    'Weakly supervised model',
    { rtfm: 'RTFM', sultani: 'Ranking network of Sultani et al.' },
    'Learns from bags of snippets that the one-class model called anomalous or normal. RTFM is the published partner; the ranking network is small and fast.',
    'Joint-VAD section 3.1; methods 3.7, 3.8',
    { advanced: false },
  ),
  choice(
    'variant',
    'Variant',
    {
      loop: 'Both models label each other',
      oneClass: 'Train on videos known to be normal only',
      weak: 'Videos known to be normal hold no anomalies',
      allData: 'One-class model alone, all weights 1',
    },
    'The complete method, or one of its limits. Two of them take known video labels; videos without one count as possibly anomalous, and are left out where only normal videos train.',
    'Joint-VAD Table 1 (OCC**, WS**, AllData); methods 3.10',
    { advanced: false },
  ),
  choice(
    'output',
    'Scores of the run',
    { weak: 'Weakly supervised model', oneClass: 'One-class model', mean: 'Mean of both ranks' },
    'Both models score every segment; this says whose scores the run keeps. How far apart they put a segment becomes its uncertainty.',
    'Default-extractor section 7.4; methods 3.9',
    { advanced: false },
  ),
  real(
    'ratio',
    'Share called anomalous (R)',
    [0.001, 0.9],
    'Share of all snippets with the highest one-class scores that is called anomalous at the start. The most sensitive setting: published .15 for ShanghaiTech, .30 for UBnormal.',
    'Joint-VAD Eq 3 and section 4.3; methods 3.4',
    { advanced: false },
  ),
  choice(
    'threshold',
    'Threshold T',
    { adaptive: 'Adapts from module to module', fixed: 'Stays at R' },
    'How many snippets are called anomalous: after each module those on which all one-class models so far agree, or always the same.',
    'Joint-VAD Eq 8; methods 3.9',
    { advanced: false },
  ),
  choice(
    'weighting',
    'Weights of objects',
    { soft: 'Soft: by the score of the weak model', hard: 'Hard: in or out' },
    'Soft weights leave doubtful objects a say. Hard ones drop what the weak model ranks among the T highest.',
    'Joint-VAD Eq 6; methods 3.2',
    { advanced: false },
  ),
  whole(
    'maxModules',
    'Most modules',
    [1, 50],
    'The loop ends here even if T still falls. A module begins with new networks.',
    'Methods 3.9',
    { advanced: false },
  ),
  whole(
    'stepsPerModule',
    'Steps per module',
    [1, 50],
    'In each step both models are trained once and label for each other.',
    'Published code: 6; methods 3.9',
    { advanced: false },
  ),
  whole(
    'oneClassEpochs',
    'Epochs per step, one-class model',
    [0, 1000],
    'Passes over all objects in a step. 0 chooses: one, or as many as make 60 batches in a small set.',
    'Joint-VAD: 1; methods 3.9, default-extractor 4',
  ),
  whole(
    'weakBatches',
    'Batches per step, weak model',
    [0, 4000],
    'Updates of the weakly supervised model in a step. 0 chooses: the published 500, or 60 (RTFM 30) where features have few dimensions.',
    'Published code: 500; methods 3.9, default-extractor 4',
  ),
  real(
    'stopQ',
    'Stop below (Q)',
    [0, 1],
    'The loop ends when T changes by less than this share of its first change.',
    'Joint-VAD section 3.3: 10 %; methods 3.9',
  ),
  choice(
    'stopReference',
    'First change of T',
    { code: 'After the second module (published code)', paper: 'After the first module (paper)' },
    'Which change later ones are compared with.',
    'Methods 3.9',
  ),
  real(
    'convergeEps',
    'Module ends early below',
    [0, 1000],
    'A module ends when the scores of either model change by no more than this on average between two steps. 0 never.',
    'Published code, commented out: 0.1; methods 3.9',
  ),
  choice(
    'start',
    'First weights',
    { paper: 'One draw for each object', perFrameMin: 'Least of one draw for each frame' },
    'Before anything is known, the anomaly degree of an object is drawn from Beta(1, 5). The published code draws for every frame and takes the least, which doubts objects far more.',
    'Joint-VAD section 3.3; methods 3.2',
  ),
  choice(
    'bagMode',
    'Bags',
    { code: 'Highest scores spread over the bags', paper: 'All random' },
    'How snippets of one kind are put into bags of 16. The published code gives each bag three of the highest scores.',
    'Methods 3.4',
  ),
  choice(
    'labelSmoothing',
    'Clean-up of single labels',
    { off: 'Off', perVideo: 'Inside each video', concatenated: 'Over all videos as one' },
    'A snippet whose label differs from those around it takes theirs. The published code does so across the borders of videos.',
    'Published code; methods 3.4',
  ),
  whole(
    'bags',
    'Bags of each kind in a batch',
    [1, 256],
    'Abnormal and as many normal bags. Where there are fewer bags, they are drawn with repeats.',
    'Joint-VAD section 4.3: 32; methods 3.4',
  ),
  choice(
    'aggregation',
    'Score over crops',
    { mean: 'Mean of all crops', top3: 'Mean of the three highest' },
    'With cells of a fixed camera most are empty, and the three highest say more than the mean.',
    'Default-extractor section 4',
  ),
  choice(
    'scaleBy',
    'Scale of the features',
    { auto: 'To suit the features', pool: 'One scale for all videos', none: 'As they are' },
    'Features of the built-in extractors are brought to a length of about 0.5; imported ones are taken as they are.',
    'Default-extractor section 2.6',
  ),
  whole(
    'batchSize',
    'Batch size, autoencoder',
    [1, 65_536],
    'Crops of a training step.',
    'Default-extractor section 4',
  ),
  real(
    'learningRateAe',
    'Learning rate, autoencoder',
    [1e-6, 1],
    'Step size of Adam.',
    'Default-extractor section 4',
  ),
  whole(
    'poseLength',
    'Pose segment, STG-NF',
    [4, 128],
    'Detections of one person that are looked at together. Published: 24 for ShanghaiTech, 16 for UBnormal.',
    'STG-NF; methods 3.5',
  ),
  whole(
    'poseStride',
    'Step between pose segments, STG-NF',
    [1, 100],
    'Detections between the begins of two segments in training; all are scored.',
    'STG-NF; methods 3.5',
  ),
  real(
    'priorMean',
    'Mean of the prior (R), STG-NF',
    [0, 100],
    'Where the flow is to send what is normal.',
    'STG-NF; methods 3.5',
  ),
  whole(
    'batchSizePose',
    'Batch size, STG-NF',
    [2, 65_536],
    'Pose segments of a training step.',
    'Methods 3.5',
  ),
  real(
    'learningRatePose',
    'Learning rate, STG-NF',
    [1e-7, 1],
    'Step size of Adamax at the start; it falls by 1 % from epoch to epoch.',
    'Methods 3.5',
  ),
  whole(
    'cubeFrames',
    'Frames of a cube, Jigsaw',
    [3, 31],
    'Frames cut around each box, an odd number. Published: 9 for ShanghaiTech, 7 otherwise.',
    'Jigsaw; methods 3.6',
  ),
  whole(
    'cubeEvery',
    'Frames between cubes, Jigsaw',
    [1, 1000],
    'Every which frame has its boxes cut out. Fewer frames between cost time and disk, and find shorter anomalies.',
    'Methods 3.6: every frame, or every 5th',
  ),
  real(
    'boxConfidence',
    'Least confidence of boxes, Jigsaw',
    [0, 1],
    'Boxes have to be surer than this.',
    'Methods 3.6: 0.8, for Ped2 0.5',
  ),
  whole(
    'cubeWidth',
    'Width, Jigsaw',
    [1, 128],
    'Channels of the first convolutions; published: 32. Time and memory grow with its square.',
    'Methods 3.6',
  ),
  whole(
    'batchSizeJigsaw',
    'Batch size, Jigsaw',
    [2, 4096],
    'Puzzles of a training step, half of frames and half of patches. Published: 192, which needs many gigabytes of memory.',
    'Methods 3.6',
  ),
  real('learningRateJigsaw', 'Learning rate, Jigsaw', [1e-7, 1], 'Step size of Adam.', 'Methods 3.6'),
  choice('network', 'Network, RTFM', NETWORKS, NETWORK_HELP, 'Methods 3.7; default-extractor section 4'),
  real(
    'learningRateRtfm',
    'Learning rate, RTFM',
    [1e-6, 1],
    'Step size of Adam.',
    'RTFM section 4; methods 3.7',
  ),
  real(
    'weightDecay',
    'Weight decay, RTFM',
    [0, 1],
    'Pulls its weights towards zero. Both repositories use 0.005, the Joint-VAD paper says 0.0005.',
    'Methods 3.7',
  ),
  real(
    'dropoutRtfm',
    'Dropout, RTFM',
    [0, 0.95],
    'Share of features and hidden units left out at random in each training step.',
    'Methods 3.7',
  ),
  whole(
    'cropsAtOnce',
    'Crops at once, RTFM',
    [0, 1024],
    'Crops that go through the network together: a divisor of their number. 0 chooses what fits into memory; gradients of the rest are added up. Fewer crops take less memory and about a third more time.',
    'Methods 3.7; memory measured',
  ),
  real(
    'learningRateSultani',
    'Learning rate, ranking network',
    [1e-6, 1],
    'Step size of Adagrad.',
    'Methods 3.8',
  ),
  real('l2', 'Weight penalty, ranking network', [0, 1], 'Penalty of its squared weights.', 'Methods 3.8'),
  real(
    'dropoutSultani',
    'Dropout, ranking network',
    [0, 0.95],
    'Share of hidden units left out at random in each training step.',
    'Methods 3.8',
  ),
];

export const woccInfo: MethodInfo = {
  name: 'wocc-ws',
  title: 'wOCC-WS',
  summary:
    'Two models label each other: a one-class model finds what is unusual, a weakly supervised one learns from that and says which objects to doubt. How many segments are called anomalous shrinks until both settle.',
  paper:
    'Interleaving One-Class and Weakly-Supervised Models with Adaptive Thresholding for Unsupervised Video Anomaly Detection, ECCV 2024',
  knownLabels: { option: 'variant', values: ['oneClass', 'weak'] },
  detections: [
    { option: 'oneClass', value: 'stgnf', kind: 'poses' },
    { option: 'oneClass', value: 'jigsaw', kind: 'boxes' },
  ],
  weights: { network: 'STG-NF', where: { option: 'oneClass', value: 'stgnf' } },
  options,
  presets: [
    {
      name: 'default',
      label: 'Recommended',
      help: 'What suits the features of this run, with RTFM.',
      values: {},
    },
    {
      name: 'quick',
      label: 'Quick',
      help: 'The small ranking network, one module of four steps: a first look.',
      values: { weak: 'sultani', maxModules: 1, stepsPerModule: 4 },
    },
    {
      name: 'paper',
      label: 'Paper',
      help: 'As the paper says: random bags, no clean-up, one epoch of each model, first change of T after the first module.',
      values: {
        variant: 'loop',
        ratio: 0.15,
        threshold: 'adaptive',
        weighting: 'soft',
        stopQ: 0.1,
        stopReference: 'paper',
        stepsPerModule: 5,
        oneClassEpochs: 1,
        weakBatches: 500,
        start: 'paper',
        bagMode: 'paper',
        labelSmoothing: 'off',
        bags: 32,
        scaleBy: 'none',
        network: 'full',
        weightDecay: 5e-4,
      },
    },
    {
      name: 'code',
      label: 'Published code',
      help: 'As the published code does it: six steps of 500 batches, hard snippets in every bag, clean-up, its start.',
      values: {
        variant: 'loop',
        ratio: 0.15,
        threshold: 'adaptive',
        weighting: 'soft',
        stopQ: 0.1,
        stopReference: 'code',
        maxModules: 6,
        stepsPerModule: 6,
        oneClassEpochs: 1,
        weakBatches: 500,
        start: 'perFrameMin',
        bagMode: 'code',
        labelSmoothing: 'concatenated',
        bags: 32,
        scaleBy: 'none',
        network: 'full',
        weightDecay: 5e-3,
      },
    },
  ],
};

/** Defaults for the features at hand, with the reason as a sentence for the user. */
export function woccDefaultsFor(extractor: string): { values: Partial<WoccConfig>; why: string } {
  const known = extractorNamed(extractor);
  if (!known) {
    return { values: {}, why: 'These features are treated as the paper treats I3D features of ten crops.' };
  }
  return {
    values: {
      aggregation: known.aggregation,
      ratio: 0.3,
      bags: 8,
      bagMode: 'paper',
      labelSmoothing: 'off',
      stepsPerModule: 4,
      output: 'oneClass',
    },
    why: `With the ${known.crops} cells of ${known.name} the three highest count. Batches are small and bags random, because in a small collection the highest of the normal pool are often anomalies, and the one-class score is kept: on the footage tried it depended less on the share called anomalous.`,
  };
}
