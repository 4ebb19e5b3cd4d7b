// Entry of a thread of a trainer that describes pairs of frames. Role: the thread border. Limits: knows no video.
import { parentPort } from 'node:worker_threads';
import type { ExtractorName } from '../extractors.ts';
import { createPairDescriber, describeStretch, type PairDescriber } from './cellmotion.ts';
import type { StretchOrder } from './describers.ts';

const known = new Map<ExtractorName, PairDescriber>();
parentPort!.on('message', ({ extractor, frames }: StretchOrder) => {
  const describer = known.get(extractor) ?? createPairDescriber(extractor);
  known.set(extractor, describer);
  parentPort!.postMessage(describeStretch(describer, frames));
});
