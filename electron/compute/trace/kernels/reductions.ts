// Kernels that reduce axes, and those that normalise or accumulate along one.
import { util } from '@tensorflow/tfjs-core';
import { constant, integers, op, type Value, type ValueType } from '../../graph/graph.ts';
import { cast, unary } from './elementwise.ts';
import { kernel } from './register.ts';

type Axis = number | number[];

function reduce(name: string, x: Value, axis: Axis, keepDims: boolean): Value {
  const axes = util.parseAxisParam(axis ?? (null as unknown as Axis), [...x.shape]);
  if (axes.length === 0) return x;
  const shape = keepDims
    ? x.shape.map((n, i) => (axes.includes(i) ? 1 : n))
    : x.shape.filter((_, i) => !axes.includes(i));
  return op(name, [x, integers(axes)], shape, x.dtype, { keepdims: keepDims ? 1 : 0 });
}

function indexOfExtreme(name: string, x: Value, axis: number): Value {
  const positive = util.parseAxisParam(axis, [...x.shape])[0]!;
  const shape = x.shape.filter((_, i) => i !== positive);
  return cast(op(name, [x], shape, 'int64' as ValueType, { axis: positive, keepdims: 0 }), 'int32');
}

export function registerReductions(): void {
  kernel<{ axis: Axis; keepDims: boolean }>('Sum', ({ x }, { axis, keepDims }) =>
    reduce('ReduceSum', x!, axis, keepDims),
  );
  kernel<{ axis: Axis; keepDims: boolean }>('Mean', ({ x }, { axis, keepDims }) =>
    reduce('ReduceMean', cast(x!, 'float32'), axis, keepDims),
  );
  kernel<{ axis: Axis; keepDims: boolean }>('Prod', ({ x }, { axis, keepDims }) =>
    reduce('ReduceProd', x!, axis, keepDims),
  );
  kernel<{ reductionIndices: Axis; keepDims: boolean }>('Max', ({ x }, { reductionIndices, keepDims }) =>
    reduce('ReduceMax', x!, reductionIndices, keepDims),
  );
  kernel<{ axis: Axis; keepDims: boolean }>('Min', ({ x }, { axis, keepDims }) =>
    reduce('ReduceMin', x!, axis, keepDims),
  );
  kernel<{ axis: Axis; keepDims: boolean }>('All', ({ x }, { axis, keepDims }) =>
    cast(reduce('ReduceMin', cast(x!, 'int32'), axis, keepDims), 'bool'),
  );
  kernel<{ axis: Axis; keepDims: boolean }>('Any', ({ x }, { axis, keepDims }) =>
    cast(reduce('ReduceMax', cast(x!, 'int32'), axis, keepDims), 'bool'),
  );
  kernel<{ axis: number }>('ArgMax', ({ x }, { axis }) => indexOfExtreme('ArgMax', x!, axis));
  kernel<{ axis: number }>('ArgMin', ({ x }, { axis }) => indexOfExtreme('ArgMin', x!, axis));
  kernel('Softmax', ({ logits }) => unary('Softmax', logits!, { axis: logits!.shape.length - 1 }));
  kernel<{ axis: number }>('LogSoftmax', ({ logits }) =>
    unary('LogSoftmax', logits!, { axis: logits!.shape.length - 1 }),
  );
  kernel<{ axis: number; exclusive: boolean; reverse: boolean }>(
    'Cumsum',
    ({ x }, { axis, exclusive, reverse }) =>
      op('CumSum', [x!, constant(BigInt64Array.of(BigInt(axis)), [], 'int64')], x!.shape, x!.dtype, {
        exclusive: exclusive ? 1 : 0,
        reverse: reverse ? 1 : 0,
      }),
  );
}
