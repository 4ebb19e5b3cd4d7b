// Sessions by signature: made once, shared, kept for a while, given back.
import type { InferenceSession } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { sessionsOver } from '../../../electron/compute/devices/onnx-runtime/sessions.ts';

function counted() {
  const made: string[] = [];
  const released: string[] = [];
  const sessions = sessionsOver(async (model, onDevice) => {
    const name = `${new TextDecoder().decode(model)}${onDevice.map((output) => `/${output}`).join('')}`;
    if (name.startsWith('broken')) throw new Error('no such operator');
    made.push(name);
    return { release: async () => void released.push(name) } as unknown as InferenceSession;
  });
  const lease = (name: string, onDevice: string[] = []) =>
    sessions.lease(new TextEncoder().encode(name), onDevice);
  return { made, released, sessions, lease };
}

test('the same model and places give the same session, also at the same time', async () => {
  const { made, lease } = counted();
  const [first, second] = await Promise.all([lease('a'), lease('a')]);
  expect(first.session).toBe(second.session);
  expect((await lease('a', ['x'])).session).not.toBe(first.session);
  expect((await lease('b')).session).not.toBe(first.session);
  expect(made).toEqual(['a', 'a/x', 'b']);
});

test('what is in use stays; of the rest the last four stay, until room is asked for', async () => {
  const { made, released, sessions, lease } = counted();
  const used = await lease('used');
  const again = await lease('used');
  await again.release();
  await again.release();
  const others = await Promise.all(['1', '2', '3', '4', '5'].map((name) => lease(name)));
  for (const other of others) await other.release();
  expect(released).toEqual(['1']);
  await (await lease('3')).release();
  expect(made).toEqual(['used', '1', '2', '3', '4', '5']);
  await sessions.dropUnused(true);
  expect(released).toEqual(['1', '2', '4', '5', '3']);
  // Memory is short: nothing is kept from now on.
  await used.release();
  expect(released.at(-1)).toBe('used');
});

test('a model that fails is not remembered', async () => {
  const { lease, made } = counted();
  await expect(lease('broken')).rejects.toThrow('no such operator');
  await expect(lease('broken')).rejects.toThrow('no such operator');
  expect(made).toEqual([]);
});
