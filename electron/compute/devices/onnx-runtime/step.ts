// A compiled step: one run of a session, with variables and inputs in and new variables and outputs out.
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { CompiledStep, HostArray, Step } from '../../device.ts';
import type { Graph } from '../../graph/graph.ts';
import { graphName } from '../../trace/trace.ts';
import { checkedInput } from '../check.ts';
import { deviceError } from './errors.ts';
import type { Lease, Runtime, Sessions } from './sessions.ts';
import type { OrtVariables } from './variables.ts';

export interface OrtStep {
  step: Step;
  /** What the session of the lease runs. */
  graph: Graph;
  lease: Lease;
  variables: OrtVariables;
  /** Whether new variables stay on the device: the session must then outlive them. */
  resident: boolean;
}

/** The variable that an output of the graph belongs to, or null. */
function updatedVariable(output: string): string | null {
  const prefix = graphName.updated('');
  return output.startsWith(prefix) ? output.slice(prefix.length) : null;
}

/** @param sessions of the device, of which those nobody uses are dropped when memory ends. */
export function ortStep(
  runtime: Runtime,
  sessions: Sessions,
  { step, graph, lease, variables, resident }: OrtStep,
): CompiledStep {
  const needed = new Set(graph.inputs.map((x) => x.name));

  function feedsOf(inputs: Record<string, HostArray>): Record<string, Tensor> {
    const feeds: Record<string, Tensor> = {};
    for (const [name, current] of variables.slots) {
      if (needed.has(graphName.variable(name))) feeds[graphName.variable(name)] = current;
    }
    for (const [name, { shape, dtype = 'float32' }] of Object.entries(step.inputs)) {
      const array = checkedInput(step, name, inputs);
      if (!needed.has(graphName.input(name))) continue;
      feeds[graphName.input(name)] = new runtime.Tensor(dtype as 'float32', array as Float32Array, shape);
    }
    return feeds;
  }

  return {
    async run(inputs) {
      const feeds = feedsOf(inputs);
      let results: InferenceSession.ReturnType;
      try {
        results = await lease.session.run(feeds);
      } catch (thrown) {
        const error = deviceError(thrown, `running the step "${step.name}"`);
        // The caller tries again with smaller batches; what is left of these would be in its way.
        if (error.code === 'out_of_memory') await sessions.dropUnused(true);
        throw error;
      }
      const outputs: Record<string, Float32Array> = {};
      for (const [name, result] of Object.entries(results)) {
        const variable = updatedVariable(name);
        if (variable !== null) variables.update(variable, result as Tensor);
        else {
          const data = result.data as HostArray;
          outputs[name.slice(graphName.output('').length)] =
            data instanceof Float32Array ? data : Float32Array.from(data);
        }
      }
      return outputs;
    },
    async dispose() {
      if (resident && variables.slots.size > 0) variables.afterDispose(lease.release);
      else await lease.release();
    },
  };
}
