// Ground truth into the project: read a file, match its keys to videos, store intervals.

import { basename } from 'node:path';
import { readTruth } from '../formats/gt-frames.ts';
import { matchTruth } from '../formats/match.ts';
import type { Store } from '../store/store.ts';

/** @throws AppError when the file is not ground truth, or needs `key`, or a key fits two videos. */
export function storeTruth(store: Store, name: string, bytes: Uint8Array, key: string | null) {
  const truth = readTruth(name, bytes, key);
  const match = matchTruth(truth, store.videos.list());
  store.transaction(() => {
    store.truth.clear();
    store.truth.put(match.matched.map((item) => ({ ...item, source: basename(name) })));
  });
  return { matched: match.matched.length, without: match.without, unmatched: match.unmatched };
}
