// The cache against answers that were read before an event and come after it.
import { QueryObserver } from '@tanstack/react-query';
import { afterEach, expect, it } from 'vitest';
import { connectionState, eventHub, type PageClient } from '../../../../renderer/platform/client.ts';
import { callKey, createQueries, followEngine } from '../../../../renderer/state/queries.ts';
import type { CallName, Job } from '../../../../shared/contract/index.ts';

const queries = createQueries();
afterEach(() => queries.clear());

/** A client whose answers come when the test says. */
function slowClient() {
  const hub = eventHub();
  const connection = connectionState();
  const asked: { name: CallName; answer(value: unknown): void }[] = [];
  const client = {
    call: (name: CallName) =>
      new Promise((done) => {
        asked.push({ name, answer: done });
      }),
    on: hub.on,
    connection: connection.get,
    onConnection: connection.on,
    close: () => {},
  } as PageClient;
  return { client, hub, asked };
}

const watch = (client: PageClient, name: 'jobs.list' | 'videos.list', input: object) =>
  new QueryObserver<unknown>(queries, {
    queryKey: callKey(name, input as never),
    queryFn: () => client.call(name, input as never),
  });
const settled = () => new Promise((done) => setTimeout(done));
const job = (id: number): Job => ({
  id,
  kind: 'import',
  title: 'Import',
  state: 'done',
  done: 1,
  total: 1,
  unit: 'videos',
  message: '',
  rate: 0,
  secondsLeft: null,
  runId: null,
  createdAt: 0,
  startedAt: 0,
  endedAt: 0,
  error: null,
  resumable: false,
});

it('a first answer read before an event does not hide what the event said', async () => {
  const { client, hub, asked } = slowClient();
  const end = followEngine(client, queries);
  const jobs = watch(client, 'jobs.list', {});
  const stop = jobs.subscribe(() => {});
  expect(asked).toHaveLength(1);
  hub.emit('job.changed', job(1));
  hub.emit('job.changed', job(2));
  asked[0].answer([]); // read before both
  await settled();
  expect(asked).toHaveLength(2);
  asked[1].answer([job(2), job(1)]);
  await settled();
  expect(jobs.getCurrentResult().data).toHaveLength(2);
  expect(asked).toHaveLength(2);
  stop();
  end();
});

it('an answer that nobody shows, behind by one event, is not taken for new after the next', async () => {
  const { client, hub, asked } = slowClient();
  const end = followEngine(client, queries);
  const jobs = watch(client, 'jobs.list', {});
  jobs.subscribe(() => {})(); // asked for, and left before the answer
  hub.emit('job.changed', job(1));
  asked[0].answer([]); // read before the event
  await settled();
  hub.emit('job.changed', job(2));
  const later = watch(client, 'jobs.list', {});
  const stop = later.subscribe(() => {});
  expect(asked).toHaveLength(2);
  asked[1].answer([job(2), job(1)]);
  await settled();
  expect(later.getCurrentResult().data).toHaveLength(2);
  stop();
  end();
});

it('an answer that an event made stale while it was read first is read again', async () => {
  const { client, hub, asked } = slowClient();
  const end = followEngine(client, queries);
  const videos = watch(client, 'videos.list', { runId: null });
  const stop = videos.subscribe(() => {});
  hub.emit('videos.changed', {});
  asked[0].answer([]);
  await settled();
  asked[1].answer(['a video']);
  await settled();
  expect(videos.getCurrentResult().data).toEqual(['a video']);
  stop();
  end();
});
