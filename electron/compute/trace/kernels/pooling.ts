// Max pooling in two and three dimensions and its gradient, which goes to the first largest element of a window.
import { backend_util } from '@tensorflow/tfjs-core';
import { fill, type Value } from '../../graph/graph.ts';
import { binary, select, unary } from './elementwise.ts';
import { kernel } from './register.ts';
import { taps, untaps, type Window, windowOf } from './windows.ts';

type Pool2 = Parameters<typeof backend_util.computePool2DInfo>;
type Pool3 = Parameters<typeof backend_util.computePool3DInfo>;

interface Attributes {
  filterSize: Pool2[1];
  strides: Pool2[2];
  pad: Pool2[4];
  dimRoundingMode?: Pool2[5];
}
interface Attributes3 {
  filterSize: Pool3[1];
  strides: Pool3[2];
  pad: Pool3[4];
  dimRoundingMode?: Pool3[5];
}

const window2 = (x: Value, a: Attributes): Window =>
  windowOf(
    backend_util.computePool2DInfo(x.shape as Pool2[0], a.filterSize, a.strides, 1, a.pad, a.dimRoundingMode),
  );
const window3 = (x: Value, a: Attributes3): Window =>
  windowOf(
    backend_util.computePool3DInfo(x.shape as Pool3[0], a.filterSize, a.strides, 1, a.pad, a.dimRoundingMode),
  );

function largest(x: Value, window: Window): Value {
  return taps(x, window, Number.NEGATIVE_INFINITY).reduce((most, tap) => binary('Max', most, tap));
}

function largestGradient(dy: Value, x: Value, output: Value, window: Window): Value {
  let open: Value | null = null;
  const parts = taps(x, window, Number.NEGATIVE_INFINITY).map((tap) => {
    const equal = binary('Equal', tap, output, 'bool');
    const first = open ? binary('And', equal, open, 'bool') : equal;
    const others = unary('Not', equal);
    open = open ? binary('And', open, others, 'bool') : others;
    return select(first, dy, fill(0), dy.shape);
  });
  return untaps(parts, window);
}

export function registerPooling(): void {
  kernel<Attributes>('MaxPool', ({ x }, a) => largest(x!, window2(x!, a)));
  kernel<Attributes>('MaxPoolGrad', ({ dy, input, output }, a) =>
    largestGradient(dy!, input!, output!, window2(input!, a)),
  );
  kernel<Attributes3>('MaxPool3D', ({ x }, a) => largest(x!, window3(x!, a)));
  kernel<Attributes3>('MaxPool3DGrad', ({ dy, input, output }, a) =>
    largestGradient(dy!, input!, output!, window3(input!, a)),
  );
}
