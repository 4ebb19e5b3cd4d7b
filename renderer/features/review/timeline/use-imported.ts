// Labels from elsewhere beside the machine's and people's. Role: each imported layer as a lane of the timeline.
// Limits: shown only; nothing is labelled by them, and the second reviewer, who is blind, does not see them.
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { LabelLayer, ReviewClass } from '../../../../shared/contract/index.ts';
import { score } from '../../../format.ts';
import { useClient } from '../../../platform/context.tsx';
import { callKey, useCall } from '../../../state/queries.ts';
import { coloursOf } from '../verdicts/layers.ts';
import { usePass } from '../verdicts/reviewer.ts';
import type { Layer } from './layers.ts';

const NONE: readonly LabelLayer[] = [];
const NO_CLASSES: readonly ReviewClass[] = [];
/** The newest so many; more would leave the picture no room. */
const MOST = 6;

/** Lanes of the layers that name this video; `normal` at the name of one that says it has no event. */
export function useImportedLayers(videoId: number): readonly Layer[] {
  const client = useClient();
  const pass = usePass();
  const list = useCall('layers.list', {}).data ?? NONE;
  const classes = useCall('review.classes', {}).data ?? NO_CLASSES;
  const shown = useMemo(() => (pass === 2 ? NONE : list.slice(0, MOST)), [list, pass]);
  const events = useQueries({
    queries: shown.map(({ id }) => ({
      queryKey: callKey('layers.events', { id, videoId }),
      queryFn: () => client.call('layers.events', { id, videoId }),
    })),
    combine: (results) => results.map((result) => result.data ?? null),
  });
  return useMemo(() => {
    const colours = coloursOf(classes);
    return shown.flatMap(({ id, name }, i): Layer[] => {
      const own = events[i];
      if (!own) return [];
      return [
        {
          id: `layer-${id}`,
          label: name,
          tone: 'truth',
          note: own.length === 0 ? 'normal' : String(own.length),
          items: [...own]
            .sort((a, b) => a.start - b.start)
            .map(({ start, end, class: label, score: value }) => ({
              start,
              end,
              form: 'outline',
              text: [label, value !== null && score(value)].filter(Boolean).join(' '),
              name: [name, label, value !== null && `score ${score(value)}`].filter(Boolean).join(', '),
              mark: label === null ? undefined : colours.get(label),
            })),
        },
      ];
    });
  }, [shown, events, classes]);
}
