// Tensors trained elsewhere, on their way into a network. Role: the error for one that does not fit. Limits: how strictly
// shapes are compared is the network's to say.
import { AppError } from '../../shared/errors.ts';
import type { Values } from '../compute/device.ts';

export interface ForeignTensor extends Values {
  /** The file it is from. */
  file?: string;
}

/** @param shape what the network has. @param advice the way out, a sentence. */
export function misfit(
  title: string,
  name: string,
  shape: readonly number[],
  found: ForeignTensor | undefined,
  advice: string,
): AppError {
  const spoken = (extent: readonly number[]): string => `(${extent.join(', ')})`;
  const where = found?.file === undefined ? '' : ` in ${found.file}`;
  const is = found ? `${where} has the shape ${spoken(found.shape)}` : ` is missing: ${name}.npy`;
  return new AppError(
    'bad_input',
    `The weights do not fit ${title}: "${name}"${is}, expected ${spoken(shape)}. ${advice}`,
    {
      name,
    },
  );
}
