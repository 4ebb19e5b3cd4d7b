// Rarity: how far each crop is from what other stretches of video contain. Role: an untrained control for features whose
// length is no answer. Limits: what is common is never an anomaly for it; see README.md.
import { AppError } from '../../../shared/errors.ts';
import { extractorNamed } from '../../features/extractors.ts';
import { scaleFeatures } from '../../features/scaling.ts';
import { cropOutput } from '../crop-output.ts';
import type { Method, TrainInput, TrainOutput } from '../method.ts';
import { type RarityConfig, rarityConfig, rarityInfo } from './config.ts';
import { LARGEST_POOL, rarity } from './rarity.ts';

export const rarityMethod: Method<RarityConfig> = {
  info: rarityInfo,
  config: rarityConfig,
  needsDevice: false,
  defaultsFor(extractor) {
    const known = extractorNamed(extractor);
    return known
      ? {
          values: { aggregation: known.aggregation },
          why: `${known.name} divides the picture into ${known.crops} cells; each is compared with the cells around it, and an object fills few of them.`,
        }
      : {
          values: { aggregation: 'mean' },
          why: 'Crops of imported features all show most of the picture; each is compared with the same crop elsewhere.',
        };
  },
  train: label,
};

async function label(input: TrainInput, config: RarityConfig): Promise<TrainOutput> {
  if (input.videos.every(({ segments }) => segments === 0)) {
    throw new AppError(
      'bad_input',
      'None of the videos has a segment. Import videos of at least 16 frames, or features.',
    );
  }
  const known = extractorNamed(input.extractor);
  const { videos, scale } = await scaleFeatures(input.videos, input.extractor, 'pool', input);
  const found = await rarity(videos, { ...input, columns: known?.columns ?? null });
  const {
    videos: results,
    threshold,
    notes,
    provenance,
  } = await cropOutput(videos, found.scores, config, input);
  if (found.compared < found.blocks) {
    notes.push(
      `Every segment was compared with ${found.compared} of ${found.blocks} blocks, evenly spread, because all of them hold more than ${LARGEST_POOL} segments.`,
    );
  }
  if (found.alone.length > 0) {
    notes.push(
      `Segments of ${found.alone.length} ${found.alone.length === 1 ? 'video have' : 'videos have'} nothing to be compared with and are called common. Add more or longer videos.`,
    );
  }
  return {
    videos: results,
    model: null,
    threshold,
    notes,
    provenance: { scale, blocks: found.blocks, comparedBlocks: found.compared, ...provenance },
  };
}
