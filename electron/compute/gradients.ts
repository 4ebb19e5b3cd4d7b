// Gradients that TF.js lacks, and one that it has wrong: its gradient of a mirrored border forgets the border.
// Role: registered once for all backends, so that steps differentiate these operations traced and eagerly alike.
import {
  cast,
  equal,
  expandDims,
  gatherND,
  mul,
  type NamedAttrMap,
  range,
  registerGradient,
  reshape,
  scatterND,
  slice_util,
  sum,
  type Tensor,
  tensor1d,
  transpose,
  unsortedSegmentSum,
  zeros,
} from '@tensorflow/tfjs-core';

/** Sums the elements of `dy` along an axis into `size` places, element i into `places[i]`. */
function sumInto(dy: Tensor, axis: number, places: readonly number[], size: number): Tensor {
  const order = [axis, ...dy.shape.map((_, i) => i).filter((i) => i !== axis)];
  const sums = unsortedSegmentSum(transpose(dy, order), tensor1d([...places], 'int32'), size);
  return transpose(
    sums,
    dy.shape.map((_, i) => order.indexOf(i)),
  );
}

/** Where the elements of a mirrored axis come from: `reflect` leaves out the border element, `symmetric` repeats it. */
export function mirroredPlaces(
  size: number,
  [before, after]: readonly [number, number],
  mode: 'reflect' | 'symmetric',
): number[] {
  const skip = mode === 'reflect' ? 1 : 0;
  return Array.from({ length: before + size + after }, (_, i) => {
    const at = i - before;
    if (at < 0) return -at - 1 + skip;
    return at < size ? at : 2 * size - 1 - skip - at;
  });
}

interface SliceAttributes {
  begin: number[];
  end: number[];
  strides: number[];
  beginMask: number;
  endMask: number;
  ellipsisMask: number;
  newAxisMask: number;
  shrinkAxisMask: number;
}

/** A strided slice in full: first element, step and number of elements of every axis, and the shape that comes out. */
export function stridedSlice(
  shape: readonly number[],
  a: SliceAttributes,
): { begin: number[]; strides: number[]; counts: number[]; shape: number[] } {
  const { begin, end, strides, finalShape } = slice_util.sliceInfo(
    [...shape],
    a.begin,
    a.end,
    a.strides,
    a.beginMask,
    a.endMask,
    a.ellipsisMask,
    a.newAxisMask,
    a.shrinkAxisMask,
  );
  const counts = begin.map((b, i) => Math.max(0, Math.ceil((end[i] - b) / strides[i])));
  return { begin, strides, counts, shape: finalShape };
}

let registered = false;

/** Registers all of them; later calls do nothing. */
export function registerOwnGradients(): void {
  if (registered) return;
  registered = true;
  registerGradient({
    kernelName: 'TopK',
    inputsToSave: ['x'],
    outputsToSave: [false, true],
    gradFunc: (dy, saved) => {
      const [x, indices] = saved as [Tensor, Tensor];
      const places = equal(expandDims(indices, -1), range(0, x.shape.at(-1)!, 1, 'int32'));
      return { x: () => sum(mul(expandDims((dy as Tensor[])[0], -1), cast(places, 'float32')), -2) };
    },
  });
  registerGradient({
    kernelName: 'GatherNd',
    inputsToSave: ['params', 'indices'],
    gradFunc: (dy, saved) => {
      const [params, indices] = saved as [Tensor, Tensor];
      return {
        params: () => scatterND(indices, dy as Tensor, params.shape as [number]),
        indices: () => zeros(indices.shape),
      };
    },
  });
  registerGradient({
    kernelName: 'ScatterNd',
    inputsToSave: ['indices'],
    gradFunc: (dy, saved) => {
      const [indices] = saved as [Tensor];
      return { updates: () => gatherND(dy as Tensor, indices), indices: () => zeros(indices.shape) };
    },
  });
  registerGradient({
    kernelName: 'StridedSlice',
    inputsToSave: ['x'],
    gradFunc: (dy, saved, attributes: NamedAttrMap) => {
      const [x] = saved as [Tensor];
      const { begin, strides, counts } = stridedSlice(x.shape, attributes as unknown as SliceAttributes);
      const axes = x.shape.map((size, axis) => ({
        size,
        places: Array.from({ length: counts[axis] }, (_, i) => begin[axis] + i * strides[axis]),
      }));
      const full = reshape(dy as Tensor, counts);
      return { x: () => axes.reduce((t, { size, places }, axis) => sumInto(t, axis, places, size), full) };
    },
  });
  registerGradient({
    kernelName: 'MirrorPad',
    inputsToSave: ['x'],
    gradFunc: (dy, saved, attributes: NamedAttrMap) => {
      const [x] = saved as [Tensor];
      const { paddings, mode } = attributes as unknown as {
        paddings: [number, number][];
        mode: 'reflect' | 'symmetric';
      };
      const back = (t: Tensor, axis: number): Tensor =>
        paddings[axis].every((n) => n === 0)
          ? t
          : sumInto(t, axis, mirroredPlaces(x.shape[axis], paddings[axis], mode), x.shape[axis]);
      return { x: () => x.shape.reduce((t, _, axis) => back(t, axis), dy as Tensor) };
    },
  });
}
