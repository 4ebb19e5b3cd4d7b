// What two reviewers agree about. Role: kappa, overlap and differences over the videos both looked at.
import type { HumanEvent, Output, ReviewDifference } from '../../../shared/contract/index.ts';
import { agreementOf, differencesOf } from '../../../shared/labels/agreement.ts';
import { differenceKey } from '../../store/review-steps.ts';
import type { Store } from '../../store/store.ts';
import { grouped } from './open-queue.ts';

/** The key of the rows that differ. */
export const keyOf = ({ first, second }: Pick<ReviewDifference, 'first' | 'second'>): string =>
  differenceKey({ first: first?.id ?? null, second: second?.id ?? null });

/** Over everything both passes hold now. */
export function agreementNow(store: Store): Output<'review.agreement'> {
  const [first, second] = [store.review.all(1), store.review.all(2)];
  const names = (rows: readonly HumanEvent[]) => [...new Set(rows.map((row) => row.reviewer))].sort();
  const [byFirst, bySecond] = [grouped(first), grouped(second)];
  const videos = [...bySecond]
    .filter(([videoId]) => byFirst.has(videoId))
    .map(([videoId, rows]) => ({
      videoId,
      frames: store.videos.get(videoId).frames,
      first: byFirst.get(videoId) ?? [],
      second: rows,
    }));
  const settled = store.review.settled();
  return {
    first: names(first),
    second: names(second),
    videos: videos.length,
    ...agreementOf(videos),
    settled: settled.size,
    differences: videos.flatMap((video) =>
      differencesOf(video).map((one) => {
        const known = settled.get(keyOf(one));
        const changedAt = Math.max(one.first?.changedAt ?? 0, one.second?.changedAt ?? 0);
        // What one of the two said later is a new difference.
        const stands = known !== undefined && changedAt <= known.at;
        return { ...one, videoId: video.videoId, settled: stands ? known.as : null };
      }),
    ),
  };
}
