// Options of the motion baseline. Role: schema, defaults and their description for people. Limits: no computation.
import { z } from 'zod';
import type { MethodInfo } from '../../../shared/contract/entities.ts';
import { cropOptions } from '../crop-options.ts';

export const motionConfig = z.strictObject({
  scaleBy: z.enum(['pool', 'video']).default('pool'),
  aggregation: z.enum(['top3', 'mean']).default('top3'),
  deviations: z.number().min(0.5).max(20).default(3),
});
export type MotionConfig = z.infer<typeof motionConfig>;

export const motionInfo: MethodInfo = {
  name: 'motion',
  title: 'Motion baseline',
  summary:
    'No training: the score of a segment is the length of its feature vectors. With motion features that is how fast and how much something moves. What a trained method has to beat.',
  paper: 'No paper: our own baseline, to see what training adds.',
  knownLabels: null,
  options: [
    {
      key: 'scaleBy',
      label: 'Scale by',
      help: 'All videos together keeps the level of each video: right when some videos are normal throughout. Each video by itself suits collections in which every video mixes normal and abnormal, and ruins the others.',
      source: 'Ours; README of the method',
      type: 'choice',
      choices: [
        { value: 'pool', label: 'All videos together' },
        { value: 'video', label: 'Each video by itself' },
      ],
      default: 'pool',
      advanced: false,
    },
    ...cropOptions.filter(({ key }) => key !== 'balance'),
  ],
  presets: [],
};
