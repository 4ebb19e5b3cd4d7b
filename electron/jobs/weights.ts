// Weights trained elsewhere, before a run is queued. Role: what a folder holds. Limits: whether they fit is known when the
// network is made, in the trainer.
import { basename } from 'node:path';
import { countWeights } from '../tasks/weights.ts';

/** @throws AppError as `countWeights` */
export async function weightsIn(folder: string): Promise<{ name: string; tensors: number; numbers: number }> {
  return { name: basename(folder) || folder, ...(await countWeights(folder)) };
}
