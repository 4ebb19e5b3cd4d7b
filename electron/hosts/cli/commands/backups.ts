// `backups`: copies of the database, and the way back to one of them.
import { resolve } from 'node:path';
import { AppError } from '../../../../shared/errors.ts';
import type { Io } from '../io.ts';
import { type ProjectOptions, withEngine } from '../session.ts';
import { table } from '../text.ts';

export function backups(io: Io, options: ProjectOptions & { restore?: string }): Promise<void> {
  return withEngine(io, async ({ engine }) => {
    const folder = resolve(options.project ?? '.');
    const of = { grant: (await engine.grant(folder)).grant };
    const list = (await engine.call('projects.backups', { of })).map(({ at, bytes }) => ({
      at,
      when: new Date(at).toISOString(),
      bytes,
    }));
    if (options.restore === undefined) {
      io.result(
        { folder, backups: list.map(({ when, bytes }) => ({ when, bytes })) },
        list.length === 0
          ? `No backup of ${folder} yet: one is made when a project is closed, at most once a day, and before an update.`
          : table(
              [['Backup', 'MB'], ...list.map(({ when, bytes }) => [when, (bytes / 1e6).toFixed(1)])],
              [1],
            ),
      );
      return;
    }
    const chosen = options.restore === 'newest' ? list[0] : list.find(({ when }) => when === options.restore);
    if (!chosen) {
      throw new AppError(
        'not_found',
        `There is no backup "${options.restore}" of ${folder}. "zerolabel backups" lists them.`,
      );
    }
    const project = await engine.call('projects.restore', { of, at: chosen.at });
    io.result(
      { project: project.name, restored: chosen.when, notes: project.notes },
      project.notes.join('\n'),
    );
  });
}
