// What two reviewers agree about. Role: kappa, overlap and differences over the videos both looked at.
import type { HumanEvent, Output } from '../../../shared/contract/index.ts';
import { agreementOf, differencesOf } from '../../../shared/labels/agreement.ts';
import type { Store } from '../../store/store.ts';
import { grouped } from './open-queue.ts';

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
  return {
    first: names(first),
    second: names(second),
    videos: videos.length,
    ...agreementOf(videos),
    differences: videos.flatMap((video) =>
      differencesOf(video).map((one) => ({ ...one, videoId: video.videoId })),
    ),
  };
}
