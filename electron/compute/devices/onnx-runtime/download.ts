// Values of variables that live on a device.
import type { Step } from '../../device.ts';
import { simplify } from '../../graph/simplify.ts';
import { graphName, traceStep } from '../../trace/trace.ts';
import { leaseSession, type Sessions } from './sessions.ts';
import type { OrtVariables } from './variables.ts';

/** Copies variables from the device through a graph that only hands them on. */
export function downloader(sessions: Sessions) {
  return async (variables: OrtVariables): Promise<Record<string, Float32Array>> => {
    const remote = [...variables.slots].filter(([, current]) => current.location !== 'cpu');
    const step: Step = {
      name: 'download',
      variables: Object.fromEntries(remote.map(([key]) => [key, variables.specs[key]!])),
      inputs: {},
      run: (values) => ({ outputs: values }),
    };
    const { session, release } = await leaseSession(sessions, simplify(traceStep(step)), []);
    try {
      const feeds = Object.fromEntries(remote.map(([key, current]) => [graphName.variable(key), current]));
      const results = await session.run(feeds);
      return Object.fromEntries(
        remote.map(([key]) => [key, (results[graphName.output(key)]!.data as Float32Array).slice()]),
      );
    } finally {
      await release();
    }
  };
}
