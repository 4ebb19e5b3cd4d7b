// Calls about jobs.
import type { Context, HandlersOf } from './context.ts';

export function jobHandlers(context: Context): HandlersOf<'jobs'> {
  return {
    'jobs.list': () => {
      const { store, queue } = context.opened();
      return store.jobs.list().map(queue.live);
    },
    'jobs.cancel': ({ id }) => {
      context.opened().queue.cancel(id);
      return {};
    },
    'jobs.resume': ({ id }) => {
      context.opened().queue.resume(id);
      return { jobId: id };
    },
  };
}
