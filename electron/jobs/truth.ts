// Ground truth into the project: read a file, match its keys to videos, store intervals.

import { basename } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { readTruth } from '../formats/gt-frames.ts';
import { matchTruth } from '../formats/match.ts';
import type { Store } from '../store/store.ts';

/** Names of a list for a sentence: the first few, and how many more. */
function some(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

/**
 * A list of videos takes the place of all earlier ground truth; a `.npy` vector, which knows one video, joins it.
 * @throws AppError when the file is not ground truth, or needs `key`, or a key fits two videos; `conflict` when it fits
 *   no video at all. What was known before then stays.
 */
export function storeTruth(store: Store, name: string, bytes: Uint8Array, key: string | null) {
  const truth = readTruth(name, bytes, key);
  const videos = store.videos.list();
  const lengthless = store.videos.withoutLength();
  const match = matchTruth(
    truth,
    videos.map((video) => ({ ...video, lengthUnknown: lengthless.has(video.id) })),
  );
  if (match.matched.length === 0) {
    throw new AppError(
      'conflict',
      `${basename(name)} fits no video of this project. It knows ${some(match.unmatched) || 'no video'}; the project holds ${some(videos.map((video) => video.relPath)) || 'none'}. A key is the path of a video without its extension, or the end of that path, and the lengths must agree.`,
      { file: name, unmatched: match.unmatched },
    );
  }
  store.transaction(() => {
    if (!/\.npy$/i.test(name)) store.truth.clear();
    for (const { videoId, frames } of match.matched) {
      if (frames !== null) store.videos.setFrames(videoId, frames);
    }
    store.truth.put(
      match.matched.map(({ videoId, intervals }) => ({ videoId, intervals, source: basename(name) })),
    );
  });
  return { matched: match.matched.length, without: match.without, unmatched: match.unmatched };
}
