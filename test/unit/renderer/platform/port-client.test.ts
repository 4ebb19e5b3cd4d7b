import { MessageChannel } from 'node:worker_threads';
import { afterEach, expect, it, vi } from 'vitest';
import { createPortClient, type Port } from '../../../../renderer/platform/port-client.ts';

/** The default, a second, is short where many processes share a processor. */
const SOON = { timeout: 20_000 };

type Message = { id: number; call: string; input: unknown };
const opened: { close(): void }[] = [];
afterEach(() => {
  for (const port of opened.splice(0)) port.close();
});

/** A host that hands out ports, and what arrives on their other end. */
function host() {
  const listeners: ((port: Port) => void)[] = [];
  const client = createPortClient((listener) => listeners.push(listener));
  opened.push(client);
  return {
    client,
    connect(answer: (message: Message) => unknown) {
      const { port1, port2 } = new MessageChannel();
      opened.push(port2);
      const heard: Message[] = [];
      port2.on('message', (message: Message) => {
        heard.push(message);
        const result = answer(message);
        if (result !== undefined) port2.postMessage({ id: message.id, result });
      });
      for (const listener of listeners) listener(port1 as unknown as Port);
      return { engine: port2, heard };
    },
  };
}

const value = (v: unknown) => ({ ok: true, value: v });

it('keeps calls until a port is there and answers each by its id', async () => {
  const { client, connect } = host();
  const [theme, recent] = [client.call('settings.get', { key: 'theme' }), client.call('projects.recent', {})];
  expect(client.connection()).toBe('connecting');
  const { heard } = connect(({ call }) => value(call === 'settings.get' ? 'light' : []));
  expect(await Promise.all([theme, recent])).toEqual(['light', []]);
  expect(heard.map(({ call, input }) => [call, input])).toEqual([
    ['settings.get', { key: 'theme' }],
    ['projects.recent', {}],
  ]);
  expect(client.connection()).toBe('open');
});

it('throws the error of the engine with its code', async () => {
  const { client, connect } = host();
  connect(() => ({ ok: false, error: { code: 'conflict', message: 'A project is in the way.' } }));
  await expect(client.call('projects.close', {})).rejects.toMatchObject({
    code: 'conflict',
    message: 'A project is in the way.',
  });
});

it('refuses an answer that does not fit the contract', async () => {
  const { client, connect } = host();
  connect(() => value([{ key: 1 }]));
  await expect(client.call('projects.recent', {})).rejects.toMatchObject({ code: 'internal' });
});

it('fails calls under way when the engine is gone, and goes on with the next port', async () => {
  const { client, connect } = host();
  const states: string[] = [];
  client.onConnection((state) => states.push(state));
  const { engine } = connect(() => undefined);
  const lost = client.call('jobs.cancel', { id: 1 });
  const outcome = expect(lost).rejects.toMatchObject({ code: 'crashed' });
  engine.close();
  await outcome;
  const waiting = client.call('projects.current', {});
  connect(() => value(null));
  expect(await waiting).toBeNull();
  expect(states).toEqual(['open', 'lost', 'open']);
});

it('hands on events that fit the contract, to current listeners only', async () => {
  const { client, connect } = host();
  const { engine } = connect(() => value(null));
  const heard = vi.fn();
  const stop = client.on('project.changed', heard);
  engine.postMessage({ event: 'project.changed', payload: { project: null } });
  engine.postMessage({ event: 'project.changed', payload: { project: 'wrong' } });
  engine.postMessage({ event: 'of.another.version', payload: {} });
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(1), SOON);
  stop();
  engine.postMessage({ event: 'project.changed', payload: { project: null } });
  await client.call('projects.current', {}); // messages keep their order, so the event has come by now
  expect(heard.mock.calls).toEqual([[{ project: null }]]);
});

it('refuses calls after it was closed', async () => {
  const { client, connect } = host();
  connect(() => undefined);
  const under = expect(client.call('projects.current', {})).rejects.toMatchObject({ code: 'crashed' });
  client.close();
  await under;
  await expect(client.call('projects.current', {})).rejects.toMatchObject({ code: 'cancelled' });
});
