// The review as it was. Role: one hook. Limits: shows the layer of people only.
import { useMemo } from 'react';
import { useCall } from '../../../state/queries.ts';
import { reviewLayers } from '../verdicts/layers.ts';
import { usePass } from '../verdicts/reviewer.ts';

/** The lanes of people as they were right after a row of the log; null: as they are. */
export function usePastLayers(at: number | null, videoId: number) {
  const pass = usePass();
  const rows = useCall('review.rowsAt', { at: at ?? 0, videoId, pass }, { enabled: at !== null }).data;
  return useMemo(() => (at === null || !rows ? null : reviewLayers(rows, [], [])), [at, rows]);
}
