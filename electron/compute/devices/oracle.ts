// The plain TF.js cpu backend: slow and exact to the letter of TF.js, what traced graphs are compared with in tests.
import { env } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { ComputeDevice } from '../device.ts';
import { openEagerDevice } from './eager.ts';

/** Opens the oracle; it calls itself `cpu`. */
export function openOracle(): Promise<ComputeDevice> {
  // Production mode only silences the advice to install a faster backend.
  env().set('PROD', true);
  return openEagerDevice('cpu', 'TF.js reference', 'cpu');
}
