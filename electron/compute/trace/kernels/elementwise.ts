// Kernels that work element by element: arithmetic, comparisons, logic, activations, casts.
import { broadcast_util, type DataType } from '@tensorflow/tfjs-core';
import { AppError } from '../../../../shared/errors.ts';
import { fill, op, sameShape, type Value, type ValueType } from '../../graph/graph.ts';
import { kernel } from './register.ts';

export function cast(x: Value, dtype: ValueType): Value {
  return x.dtype === dtype ? x : op('Cast', [x], x.shape, dtype);
}

export function binary(name: string, a: Value, b: Value, dtype: ValueType = a.dtype): Value {
  const shape = broadcast_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);
  return op(name, [a, b], shape, dtype);
}

export function unary(name: string, x: Value, attributes = {}): Value {
  return op(name, [x], x.shape, x.dtype, attributes);
}

export function select(condition: Value, whenTrue: Value, whenFalse: Value, shape: readonly number[]): Value {
  return op('Where', [condition, whenTrue, whenFalse], shape, whenTrue.dtype);
}

const greaterThanZero = (x: Value): Value => binary('Greater', x, fill(0, [], x.dtype), 'bool');

export function registerElementwise(): void {
  // TF.js name -> ONNX name where the two mean the same.
  const sameUnary: Record<string, string> = {
    Abs: 'Abs',
    Ceil: 'Ceil',
    Cos: 'Cos',
    Erf: 'Erf',
    Exp: 'Exp',
    Floor: 'Floor',
    Log: 'Log',
    Neg: 'Neg',
    Reciprocal: 'Reciprocal',
    Relu: 'Relu',
    Round: 'Round',
    Sigmoid: 'Sigmoid',
    Sign: 'Sign',
    Sin: 'Sin',
    Softplus: 'Softplus',
    Sqrt: 'Sqrt',
    Tanh: 'Tanh',
  };
  for (const [name, onnx] of Object.entries(sameUnary)) kernel(name, ({ x }) => unary(onnx, x!));

  const sameBinary: Record<string, string> = {
    Add: 'Add',
    Sub: 'Sub',
    Multiply: 'Mul',
    Maximum: 'Max',
    Minimum: 'Min',
    Pow: 'Pow',
    RealDiv: 'Div',
  };
  for (const [name, onnx] of Object.entries(sameBinary)) kernel(name, ({ a, b }) => binary(onnx, a!, b!));
  // TF.js sends a division of integers here and rounds down, ONNX would round towards zero.
  kernel('FloorDiv', ({ a, b }) =>
    cast(unary('Floor', binary('Div', cast(a!, 'float32'), cast(b!, 'float32'))), 'int32'),
  );
  kernel('AddN', (operands) => Object.values(operands).reduce((sum, x) => binary('Add', sum, x)));
  kernel('Square', ({ x }) => binary('Mul', x!, x!));
  kernel('SquaredDifference', ({ a, b }) => {
    const difference = binary('Sub', a!, b!);
    return binary('Mul', difference, difference);
  });

  const comparisons: Record<string, string> = {
    Equal: 'Equal',
    Greater: 'Greater',
    GreaterEqual: 'GreaterOrEqual',
    Less: 'Less',
    LessEqual: 'LessOrEqual',
    LogicalAnd: 'And',
    LogicalOr: 'Or',
    LogicalXor: 'Xor',
  };
  for (const [name, onnx] of Object.entries(comparisons))
    kernel(name, ({ a, b }) => binary(onnx, a!, b!, 'bool'));
  kernel('NotEqual', ({ a, b }) => unary('Not', binary('Equal', a!, b!, 'bool')));
  kernel('LogicalNot', ({ x }) => unary('Not', x!));
  kernel('IsNan', ({ x }) => op('IsNaN', [x!], x!.shape, 'bool'));
  kernel('Select', ({ condition, t, e }) => {
    // A one-dimensional condition selects whole rows.
    const rows = condition!.shape.length === 1 && t!.shape.length > 1;
    const shape = rows ? [condition!.shape[0]!, ...t!.shape.slice(1).map(() => 1)] : condition!.shape;
    const mask = sameShape(shape, condition!.shape) ? condition! : op('Reshape', [condition!], shape, 'bool');
    return select(mask, t!, e!, t!.shape);
  });

  kernel<{ dtype: DataType }>('Cast', ({ x }, { dtype }) => {
    if (dtype === 'string' || dtype === 'complex64') {
      throw new AppError('internal', `Values of type ${dtype} cannot be traced; use float32, int32 or bool.`);
    }
    return cast(x!, dtype);
  });

  kernel<{ varianceEpsilon: number }>(
    'FusedBatchNorm',
    ({ x, mean, variance, scale, offset }, { varianceEpsilon }) => {
      const deviation = unary('Sqrt', binary('Add', variance!, fill(varianceEpsilon)));
      const factor = scale ? binary('Div', scale, deviation) : unary('Reciprocal', deviation);
      const y = binary('Mul', binary('Sub', x!, mean!), factor);
      return offset ? binary('Add', y, offset) : y;
    },
  );
  kernel('Rsqrt', ({ x }) => unary('Reciprocal', unary('Sqrt', x!)));
  kernel('Expm1', ({ x }) => binary('Sub', unary('Exp', x!), fill(1)));
  kernel('Log1p', ({ x }) => unary('Log', binary('Add', x!, fill(1))));
  kernel<{ clipValueMin: number; clipValueMax: number }>(
    'ClipByValue',
    ({ x }, { clipValueMin, clipValueMax }) =>
      op(
        'Clip',
        [x!, fill(clipValueMin, [], x!.dtype), fill(clipValueMax, [], x!.dtype)],
        x!.shape,
        x!.dtype,
      ),
  );
  kernel('Relu6', ({ x }) => op('Clip', [x!, fill(0), fill(6)], x!.shape));
  kernel<{ alpha: number }>('Step', ({ x }, { alpha }) =>
    alpha === 0 || alpha === undefined
      ? cast(greaterThanZero(x!), x!.dtype)
      : select(greaterThanZero(x!), fill(1, [], x!.dtype), fill(alpha, [], x!.dtype), x!.shape),
  );
  kernel<{ alpha: number }>('LeakyRelu', ({ x }, { alpha }) =>
    unary('LeakyRelu', x!, { alpha: { float: alpha } }),
  );
  kernel('Prelu', ({ x, alpha }) => select(greaterThanZero(x!), x!, binary('Mul', x!, alpha!), x!.shape));
  kernel('Elu', ({ x }) => unary('Elu', x!, { alpha: { float: 1 } }));
  kernel('EluGrad', ({ dy, y }) =>
    select(
      binary('GreaterOrEqual', y!, fill(0), 'bool'),
      dy!,
      binary('Mul', dy!, binary('Add', y!, fill(1))),
      dy!.shape,
    ),
  );
}
