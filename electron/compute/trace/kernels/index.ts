// All kernels the tracer knows, by family. A missing one is added to the family it belongs to.
import { registerConstants } from './constants.ts';
import { registerConvolution } from './convolution.ts';
import { registerElementwise } from './elementwise.ts';
import { registerMatmul } from './matmul.ts';
import { registerPooling } from './pooling.ts';
import { registerReductions } from './reductions.ts';
import { registerSelection } from './selection.ts';
import { registerShapes } from './shapes.ts';

let registered = false;

export function registerKernels(): void {
  if (registered) return;
  registered = true;
  registerElementwise();
  registerReductions();
  registerMatmul();
  registerShapes();
  registerSelection();
  registerConvolution();
  registerPooling();
  registerConstants();
}
