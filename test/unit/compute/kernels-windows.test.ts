// Convolutions and pooling of the tracer, values and gradients, on ONNX Runtime against TF.js' own cpu backend.
import * as tf from '@tensorflow/tfjs-core';
import { checkKernels, type Kernel } from './check-kernels.ts';

const picture = (t: Record<string, tf.Tensor>) => t.x as tf.Tensor4D;
const volume = (t: Record<string, tf.Tensor>) => t.x as tf.Tensor5D;

const conv2d = (pad: 'same' | 'valid' | number, strides: number | [number, number], f = [3, 2]): Kernel => ({
  over: { x: [2, 5, 6, 3], f: [...f, 3, 4] },
  f: (t) => tf.conv2d(picture(t), t.f as tf.Tensor4D, strides, pad),
});
const conv3d = (pad: 'same' | 'valid', strides: number | [number, number, number]): Kernel => ({
  over: { x: [2, 3, 5, 4, 2], f: [2, 3, 3, 2, 3] },
  f: (t) => tf.conv3d(volume(t), t.f as tf.Tensor5D, strides, pad),
});
const depthwise = (pad: 'same' | 'valid', strides: number, dilation = 1): Kernel => ({
  over: { x: [2, 6, 5, 3], f: [3, 2, 3, 2] },
  f: (t) => tf.depthwiseConv2d(picture(t), t.f as tf.Tensor4D, strides, pad, 'NHWC', dilation),
  ...(dilation > 1 && { gradient: false }),
});
const pool2d = (size: number, pad: 'same' | 'valid' | number, strides: number): Kernel => ({
  over: { x: [2, 5, 7, 3] },
  f: (t) => tf.maxPool(picture(t), size, strides, pad),
});

checkKernels({
  'conv2d, same': conv2d('same', 1),
  'conv2d, valid': conv2d('valid', 1),
  'conv2d, valid, strides that leave a rest': conv2d('valid', [2, 3]),
  'conv2d, same, strides': conv2d('same', 2),
  'conv2d, padded by number': conv2d(1, 1, [3, 3]),
  'conv2d of one element': conv2d('valid', 1, [1, 1]),
  'conv2d of one element, strides': conv2d('valid', 2, [1, 1]),
  // TF.js has no gradient for dilated ones, depthwise or not.
  'conv2d, dilated': {
    over: { x: [2, 7, 6, 3], f: [3, 2, 3, 4] },
    f: (t) => tf.conv2d(picture(t), t.f as tf.Tensor4D, 1, 'same', 'NHWC', [2, 3]),
    gradient: false,
  },
  'conv1d, same': {
    over: { x: [2, 6, 3], f: [3, 3, 4] },
    f: (t) => tf.conv1d(t.x as tf.Tensor3D, t.f as tf.Tensor3D, 1, 'same'),
  },
  'conv1d, dilated': {
    over: { x: [2, 9, 3], f: [3, 3, 4] },
    f: (t) => tf.conv1d(t.x as tf.Tensor3D, t.f as tf.Tensor3D, 1, 'same', 'NWC', 4),
    gradient: false,
  },
  'conv3d, same': conv3d('same', 1),
  'conv3d, valid': conv3d('valid', 1),
  'conv3d, strides': conv3d('valid', [1, 2, 1]),
  'depthwise, same': depthwise('same', 1),
  'depthwise, strides': depthwise('valid', 2),
  'depthwise, dilated': depthwise('same', 1, 2),
  'max pool': pool2d(2, 'valid', 2),
  'max pool, same': pool2d(3, 'same', 2),
  'max pool, overlapping': pool2d(3, 'valid', 1),
  'max pool, padded by number': pool2d(2, 1, 2),
  'max pool among equals': {
    over: {},
    with: { i: { shape: [1, 4, 4, 2], dtype: 'int32' } },
    f: (t) => {
      const x = tf.cast(t.i, 'float32') as tf.Tensor4D;
      const y = tf.maxPool(x, 3, 1, 'same');
      const dy = tf.reshape(tf.range(1, y.size + 1, 1, 'float32'), y.shape);
      const grad = tf
        .engine()
        .runKernel('MaxPoolGrad', { dy, input: x, output: y }, { filterSize: 3, strides: 1, pad: 'same' });
      return [y, grad as tf.Tensor];
    },
    gradient: false,
  },
  'max pool 3d': {
    over: { x: [1, 4, 5, 3, 2] },
    // Square: TF.js' own backend loses its way in windows of another height than width.
    f: (t) => tf.maxPool3d(volume(t), [3, 2, 2], [1, 2, 1], 'valid'),
  },
  'max pool 3d, same': {
    over: { x: [2, 3, 4, 4, 2] },
    f: (t) => tf.maxPool3d(volume(t), 2, 2, 'same'),
  },
});
