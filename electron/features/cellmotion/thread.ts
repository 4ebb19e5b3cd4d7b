// Entry of a thread of a trainer that describes pairs of frames. Role: the thread border. Limits: knows no video.
import { parentPort } from 'node:worker_threads';
import { createStretchDescriber } from './cellmotion.ts';
import type { StretchOrder } from './describers.ts';

const describe = createStretchDescriber();
parentPort!.on('message', (order: StretchOrder) => parentPort!.postMessage(describe(order)));
