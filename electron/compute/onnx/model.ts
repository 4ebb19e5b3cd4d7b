// Writes a graph as an ONNX model (a protobuf ModelProto).
// Role: the only place that knows ONNX' field numbers. Limits: opset 18, IR version 8, static shapes, weights inside.
import { PbfWriter } from 'pbf';
import { AppError } from '../../../shared/errors.ts';
import {
  type Attribute,
  type ConstantData,
  type Graph,
  integers,
  reachable,
  sizeOf,
  type Value,
  type ValueType,
} from '../graph/graph.ts';

const IR_VERSION = 8;
const OPSET = 18;

/** TensorProto.DataType. */
const DATA_TYPE: Record<ValueType, number> = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10 };
/** AttributeProto.AttributeType. */
const ATTRIBUTE_TYPE = { float: 1, int: 2, tensor: 4, ints: 7 };

// Field numbers of onnx.proto, by message.
const MODEL = { irVersion: 1, producerName: 2, graph: 7, opsetImport: 8 };
const OPSET_ID = { domain: 1, version: 2 };
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 };
const NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5 };
const ATTRIBUTE = { name: 1, f: 2, i: 3, t: 5, ints: 8, type: 20 };
const TENSOR = { dims: 1, dataType: 2, name: 8, rawData: 9 };
const VALUE_INFO = { name: 1, type: 2 };
const TYPE = { tensor: 1 };
const TENSOR_TYPE = { elemType: 1, shape: 2 };
const SHAPE = { dim: 1 };
const DIMENSION = { value: 1 };

/** Operators with several results of which the graph uses another one than the first, counted from 0. */
const RESULT: Readonly<Record<string, number>> = { TopK: 1 };

/** Uniform constants with more elements than this are made at run time instead of being stored. */
const STORED_FILL = 64;

interface TensorData {
  name: string;
  shape: readonly number[];
  dtype: ValueType;
  data: ConstantData;
}
interface NodeData {
  op: string;
  inputs: string[];
  output: string;
  attributes: Record<string, Attribute | TensorData>;
}

function arrayOf(dtype: ValueType, length: number, value: number): ConstantData {
  switch (dtype) {
    case 'float32':
      return new Float32Array(length).fill(value);
    case 'int32':
      return new Int32Array(length).fill(value);
    case 'bool':
      return new Uint8Array(length).fill(value);
    case 'int64':
      return new BigInt64Array(length).fill(BigInt(value));
    case 'float16':
      throw new AppError('internal', 'Values of float16 are made by casts and never stored.');
  }
}

function writeTensor({ name, shape, dtype, data }: TensorData, pbf: PbfWriter): void {
  for (const n of shape) pbf.writeVarintField(TENSOR.dims, n);
  pbf.writeVarintField(TENSOR.dataType, DATA_TYPE[dtype]);
  pbf.writeStringField(TENSOR.name, name);
  // Raw data is little-endian, as is every platform that Node runs on.
  pbf.writeBytesField(TENSOR.rawData, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeAttribute([name, value]: [string, Attribute | TensorData], pbf: PbfWriter): void {
  pbf.writeStringField(ATTRIBUTE.name, name);
  if (typeof value === 'number') {
    pbf.writeVarintField(ATTRIBUTE.i, value);
    pbf.writeVarintField(ATTRIBUTE.type, ATTRIBUTE_TYPE.int);
  } else if ('float' in value) {
    pbf.writeFloatField(ATTRIBUTE.f, value.float);
    pbf.writeVarintField(ATTRIBUTE.type, ATTRIBUTE_TYPE.float);
  } else if ('data' in value) {
    pbf.writeMessage(ATTRIBUTE.t, writeTensor, value);
    pbf.writeVarintField(ATTRIBUTE.type, ATTRIBUTE_TYPE.tensor);
  } else {
    for (const n of value) pbf.writeVarintField(ATTRIBUTE.ints, n);
    pbf.writeVarintField(ATTRIBUTE.type, ATTRIBUTE_TYPE.ints);
  }
}

function writeNode({ op, inputs, output, attributes }: NodeData, pbf: PbfWriter): void {
  for (const name of inputs) pbf.writeStringField(NODE.input, name);
  // Results that nobody reads have a name of their own, because ONNX wants one.
  for (let i = 0; i < (RESULT[op] ?? 0); i++) pbf.writeStringField(NODE.output, `${output} unread ${i}`);
  pbf.writeStringField(NODE.output, output);
  pbf.writeStringField(NODE.name, output);
  pbf.writeStringField(NODE.opType, op);
  for (const entry of Object.entries(attributes)) pbf.writeMessage(NODE.attribute, writeAttribute, entry);
}

function writeValueInfo({ name, shape, dtype }: Omit<TensorData, 'data'>, pbf: PbfWriter): void {
  pbf.writeStringField(VALUE_INFO.name, name);
  pbf.writeMessage(
    VALUE_INFO.type,
    (_, type) =>
      type.writeMessage(
        TYPE.tensor,
        (__, tensor) => {
          tensor.writeVarintField(TENSOR_TYPE.elemType, DATA_TYPE[dtype]);
          // Written even for a scalar: without it the rank would be unknown.
          tensor.writeMessage(
            TENSOR_TYPE.shape,
            (dims: readonly number[], proto) => {
              for (const n of dims)
                proto.writeMessage(SHAPE.dim, (d: number, p) => p.writeVarintField(DIMENSION.value, d), n);
            },
            shape,
          );
        },
        null,
      ),
    null,
  );
}

/** The file of a graph; its inputs and outputs keep their names. */
export function onnxModel(graph: Graph): Uint8Array {
  const names = new Map<Value, string>(graph.inputs.map((x) => [x, x.name]));
  const nodes: NodeData[] = [];
  const initializers: TensorData[] = [];
  // An operator takes the name of the first output it is; a second output, or one that is an input, is a copy.
  for (const [name, value] of Object.entries(graph.outputs)) {
    if (value.kind === 'op' && !names.has(value)) names.set(value, name);
  }
  const store = (value: Value): string => {
    const known = names.get(value);
    if (known !== undefined) return known;
    const name = `t${names.size}`;
    names.set(value, name);
    return name;
  };
  for (const value of reachable(Object.values(graph.outputs))) {
    if (value.kind === 'input') continue;
    const name = store(value);
    const { shape, dtype } = value;
    if (value.kind === 'constant') {
      initializers.push({ name, shape, dtype, data: value.data });
    } else if (value.kind === 'fill' && sizeOf(shape) <= STORED_FILL) {
      initializers.push({ name, shape, dtype, data: arrayOf(dtype, sizeOf(shape), value.value) });
    } else if (value.kind === 'fill') {
      const extent = `${name} shape`;
      initializers.push({ name: extent, shape: [shape.length], dtype: 'int64', data: integers(shape).data });
      const one: TensorData = { name: '', shape: [1], dtype, data: arrayOf(dtype, 1, value.value) };
      nodes.push({ op: 'ConstantOfShape', inputs: [extent], output: name, attributes: { value: one } });
    } else {
      const attributes: Record<string, Attribute> = { ...value.attributes };
      if (value.op === 'Cast') attributes.to = DATA_TYPE[dtype];
      nodes.push({ op: value.op, inputs: value.inputs.map((x) => names.get(x)!), output: name, attributes });
    }
  }
  for (const [name, value] of Object.entries(graph.outputs)) {
    const source = names.get(value)!;
    if (source !== name) nodes.push({ op: 'Identity', inputs: [source], output: name, attributes: {} });
  }

  const pbf = new PbfWriter();
  pbf.writeVarintField(MODEL.irVersion, IR_VERSION);
  pbf.writeStringField(MODEL.producerName, 'zerolabel');
  pbf.writeMessage(
    MODEL.graph,
    (g: Graph, proto) => {
      for (const node of nodes) proto.writeMessage(GRAPH.node, writeNode, node);
      proto.writeStringField(GRAPH.name, g.name);
      for (const tensor of initializers) proto.writeMessage(GRAPH.initializer, writeTensor, tensor);
      for (const x of g.inputs) proto.writeMessage(GRAPH.input, writeValueInfo, x);
      for (const [name, { shape, dtype }] of Object.entries(g.outputs)) {
        proto.writeMessage(GRAPH.output, writeValueInfo, { name, shape, dtype });
      }
    },
    graph,
  );
  pbf.writeMessage(
    MODEL.opsetImport,
    (version: number, proto) => {
      proto.writeStringField(OPSET_ID.domain, '');
      proto.writeVarintField(OPSET_ID.version, version);
    },
    OPSET,
  );
  return pbf.finish();
}
