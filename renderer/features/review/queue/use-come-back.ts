// Back to where one stopped. Role: one hook. Limits: the place itself is kept with the project, see use-queue.ts.
import { useEffect } from 'react';
import type { QueueItem } from '../../../../shared/contract/index.ts';
import { usePlace } from '../place.ts';
import { type QueueView, sameItem } from './use-queue.ts';

/** Once after the page was opened: back to the item at which the person stopped. */
export function useComeBack(
  queue: QueueView,
  ready: boolean,
  videoId: number,
  open: (item: QueueItem, back: boolean) => void,
): void {
  const { remembered, items } = queue;
  useEffect(() => {
    if (!ready || items.length === 0 || usePlace.getState().cameBack) return;
    usePlace.setState({ cameBack: true });
    const { target, explicit } = usePlace.getState();
    if (target !== null || remembered === null || (explicit === videoId && remembered.videoId !== videoId))
      return;
    const item = items.find((other) => sameItem(other, remembered));
    if (item) open(item, true);
  }, [ready, items, remembered, videoId, open]);
}
