// What the library knows of videos besides their rows: how far their review has come, and how several runs see them.
// Role: one hook. Limits: runs are compared only once an order asks for it.
import { useMemo } from 'react';
import type { Run } from '../../../shared/contract/index.ts';
import { useCall } from '../../state/queries.ts';
import { usePass } from '../review/verdicts/reviewer.ts';
import { type Known, needsRuns, type Order } from './rows.ts';

/** @returns what is known, and whether the answers that `order` needs are still on their way */
export function useKnown(
  run: Run | null,
  perCamera: boolean,
  order: Order,
): { known: Known; waits: boolean } {
  const pass = usePass();
  const compare = needsRuns(order);
  const beside = { runId: run?.id ?? 0, ...(perCamera && { perCamera: true }) };
  const progress = useCall(
    'review.progress',
    { ...beside, pass },
    { enabled: run !== null, keepPrevious: true },
  );
  const compared = useCall('videos.compared', beside, {
    enabled: run !== null && compare,
    keepPrevious: true,
  });
  const known = useMemo<Known>(
    () => ({
      progress: new Map((run ? (progress.data ?? []) : []).map((row) => [row.videoId, row])),
      runs: compared.data?.runs ?? [],
      compared: new Map((run ? (compared.data?.videos ?? []) : []).map((row) => [row.videoId, row])),
    }),
    [run, progress.data, compared.data],
  );
  return { known, waits: run !== null && compare && !compared.data && !compared.error };
}
