// How a kernel is given to the recording backend. Role: unwraps tensors to graph values and back.
import { registerKernel, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Value } from '../../graph/graph.ts';
import { graphValue, handle, TRACE_BACKEND } from '../backend.ts';

/**
 * Registers a kernel of TF.js by its name. `record` gets the operands by TF.js' names (kernels with a list of operands
 * name them 0, 1, ...) and the attributes of the call, and returns the value or values that the kernel computes.
 */
export function kernel<Attributes = Record<string, never>>(
  kernelName: string,
  record: (operands: Record<string, Value>, attributes: Attributes) => Value | Value[],
): void {
  registerKernel({
    kernelName,
    backendName: TRACE_BACKEND,
    kernelFunc: ({ inputs, attrs }) => {
      const operands: Record<string, Value> = {};
      for (const [name, tensor] of Object.entries(inputs)) {
        // Operands that a call may leave out are there, with nothing in them.
        if (tensor) operands[name] = graphValue(tensor as TensorInfo);
      }
      const result = record(operands, (attrs ?? {}) as Attributes);
      return Array.isArray(result) ? result.map(handle) : handle(result);
    },
  });
}
