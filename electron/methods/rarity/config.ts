// Options of rarity. Role: schema, defaults and their description for people. Limits: no computation.
import { z } from 'zod';
import type { MethodInfo } from '../../../shared/contract/entities.ts';
import { cropOptions } from '../crop-options.ts';
import { BALANCES } from '../crop-output.ts';

export const rarityConfig = z.strictObject({
  aggregation: z.enum(['top3', 'mean']).default('top3'),
  balance: z.enum(BALANCES).default('0'),
  deviations: z.number().min(0.5).max(20).default(3),
});
export type RarityConfig = z.infer<typeof rarityConfig>;

export const rarityInfo: MethodInfo = {
  name: 'rarity',
  title: 'Rarity',
  summary:
    'No training and no chance: what fewer than a quarter of the other stretches of video contain counts as rare, even if one video repeats it for long. What a trained method has to beat on features whose length says little.',
  paper: 'No paper: our own baseline, to see what training adds.',
  knownLabels: null,
  options: cropOptions,
  presets: [],
};
