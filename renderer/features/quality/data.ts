// What the quality screen reads beyond one call. Role: evaluations of several runs at once.
import { useQueries } from '@tanstack/react-query';
import type { EvaluationReport, Input } from '../../../shared/contract/index.ts';
import { useClient } from '../../platform/context.tsx';
import { callKey } from '../../state/queries.ts';
import type { ColourName } from '../../styles/palette.ts';

export type Protocol = Pick<Required<Input<'quality.evaluation'>>, 'protocol' | 'tail'>;

/** Evaluations of runs in their order; null while on the way, or where there is no ground truth. */
export function useEvaluations(runIds: readonly number[], protocol: Protocol): (EvaluationReport | null)[] {
  const client = useClient();
  return useQueries({
    queries: runIds.map((id) => ({
      queryKey: callKey('quality.evaluation', { id, ...protocol }),
      queryFn: () => client.call('quality.evaluation', { id, ...protocol }),
    })),
    combine: (results) => results.map((result) => result.data ?? null),
  });
}

/** Colour and dash of the runs a chosen one is compared with, by their place in the list. */
export const COMPARED: readonly { colour: ColourName; dash: readonly number[] }[] = [
  { colour: 'm-ws', dash: [8, 3] },
  { colour: 'm-wocc', dash: [] },
  { colour: 'm-c2fpl', dash: [5, 2, 1, 2] },
  { colour: 'm-cu', dash: [2, 2] },
  { colour: 'm-gcl', dash: [4, 2] },
];
