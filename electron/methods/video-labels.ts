// Labels of whole videos, which weakly supervised methods start from (C2FPL's coarse labels: methods.md 2.2).
// Role: takes them as given or finds them without annotation, and says which. Limits: no clip labels.
import { AppError } from '../../shared/errors.ts';
import type { CropAggregation } from '../features/extractors.ts';
import { everyPart, type Watch } from '../features/passes.ts';
import type { FeatureVideo } from '../features/types.ts';
import { type CoarseMode, coarseLabels } from '../statistics/coarse-labels.ts';
import { magnitudesOf, summarise } from '../statistics/magnitudes.ts';

export interface VideoLabelOptions {
  /** `coarse`: found without annotation, as C2FPL does; `known`: as given. */
  videoLabels: 'coarse' | 'known';
  coarseMode: CoarseMode;
  /** Where the coarse labels stop dividing; see `coarseLabels`. */
  eta: number;
  cropAggregation: CropAggregation;
}

export interface VideoLabels {
  /** 1 = anomalous somewhere, null = not known: scored, never trained on. `[V]`. */
  labels: (0 | 1 | null)[];
  /** Videos with label 1 and 0. */
  abnormal: number[];
  normal: number[];
  notes: string[];
  /** Which source was used and what it said, for the record of the run. */
  provenance: Record<string, unknown>;
}

function ofLabels(
  labels: (0 | 1 | null)[],
  source: VideoLabelOptions['videoLabels'],
  notes: string[],
  more: Record<string, unknown> = {},
): VideoLabels {
  const having = (wanted: 0 | 1): number[] => labels.flatMap((label, v) => (label === wanted ? [v] : []));
  const [normal, abnormal] = [having(0), having(1)];
  const unknown = labels.length - normal.length - abnormal.length;
  return {
    labels,
    abnormal,
    normal,
    notes,
    provenance: { source, anomalous: abnormal.length, normal: normal.length, unknown, ...more },
  };
}

/**
 * @param videos as the coarse labels see them; at least one.
 * @param given known labels in the order of `videos`.
 * @param random uniform in [0, 1); the same numbers give the coarse labels that C2FPL gives.
 * @throws AppError `bad_input` when known labels are wanted and no video has one; `cancelled`.
 */
export async function videoLabelsOf(
  videos: readonly FeatureVideo[],
  given: readonly (0 | 1 | null)[],
  { videoLabels, coarseMode, eta, cropAggregation }: VideoLabelOptions,
  random: () => number,
  watch: Watch,
): Promise<VideoLabels> {
  if (videoLabels === 'known') {
    const unknown = given.filter((label) => label === null).length;
    if (unknown === given.length) {
      throw new AppError(
        'bad_input',
        'The label of no video of this run is known. Choose where labels come from, or let them be found (videoLabels = coarse).',
      );
    }
    const notes =
      unknown === 0
        ? []
        : [
            `${unknown} of ${given.length} videos have no known label; they take no part in training and are only scored.`,
          ];
    return ofLabels([...given], 'known', notes);
  }
  const parts = everyPart(videos, watch, 'Labelling whole videos');
  const magnitudes = await magnitudesOf(
    videos.map(({ segments }) => segments),
    parts,
    { magnitude: 'l2', cropAggregation },
  );
  const summary = summarise(magnitudes, 'std');
  const { labels, rounds, notes } = coarseLabels(
    summary,
    { mode: coarseMode, eta, covariance: 'spherical' },
    random,
  );
  return ofLabels(
    Array.from(labels, (label) => (label === 1 ? 1 : 0)),
    'coarse',
    notes,
    { coarseMode, coarseRounds: rounds },
  );
}
