// What a page does when the engine is back: its project is opened again, where nobody opened another one.
import { expect, it } from 'vitest';
import { reopenProject } from '../../../../renderer/state/reopen.ts';
import type { CallName, Project } from '../../../../shared/contract/index.ts';
import { AppError } from '../../../../shared/errors.ts';

const shown = { id: 'a', folder: '/projects/a' } as Project;

/** A client that answers from a table, and what it was asked. */
function answering(answers: Partial<Record<CallName, unknown>>) {
  const asked: [CallName, unknown][] = [];
  const call = async (name: CallName, input: unknown): Promise<unknown> => {
    asked.push([name, input]);
    if (answers[name] instanceof Error) throw answers[name];
    return answers[name];
  };
  return { client: { call } as Parameters<typeof reopenProject>[0], asked };
}
const recent = [
  { folder: '/projects/b', key: 'kb', missing: false },
  { folder: '/projects/a', key: 'ka', missing: false },
];
const opened = (asked: [CallName, unknown][]) => asked.filter(([name]) => name === 'projects.openRecent');

it('opens the project that is on the screen, by its folder', async () => {
  const { client, asked } = answering({ 'projects.current': null, 'projects.recent': recent });
  await reopenProject(client, shown);
  expect(opened(asked)).toEqual([['projects.openRecent', { key: 'ka' }]]);
});

it('leaves alone what is open, and asks nothing for a page without a project', async () => {
  const other = answering({ 'projects.current': { id: 'b' }, 'projects.recent': recent });
  await reopenProject(other.client, shown);
  expect(opened(other.asked)).toEqual([]);
  for (const none of [null, undefined]) {
    const { client, asked } = answering({});
    await reopenProject(client, none);
    expect(asked).toEqual([]);
  }
});

it('opens nothing that is gone, and survives a refusal', async () => {
  const gone = answering({ 'projects.current': null, 'projects.recent': [{ ...recent[1], missing: true }] });
  await reopenProject(gone.client, shown);
  expect(opened(gone.asked)).toEqual([]);
  const locked = new AppError('conflict', 'It is open in another Zerolabel.');
  const held = answering({
    'projects.current': null,
    'projects.recent': recent,
    'projects.openRecent': locked,
  });
  await expect(reopenProject(held.client, shown)).resolves.toBeUndefined();
  expect(opened(held.asked)).toHaveLength(1);
});
