// `consensus`: several finished runs as one.
import type { Input } from '../../../../shared/contract/index.ts';
import { type Io, usageError } from '../io.ts';
import { findRuns } from '../select.ts';
import { type ProjectOptions, withProject } from '../session.ts';
import { table } from '../text.ts';
import { RUN_HEADER, runText } from './train.ts';

export interface ConsensusOptions extends ProjectOptions {
  rule: NonNullable<Input<'runs.consensus'>['rule']>;
  k?: number;
  name?: string;
}

/** Makes one run of the named ones, or of all that are finished and no consensus themselves. */
export function consensus(io: Io, options: ConsensusOptions, wanted: readonly string[]): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    const runs = (await findRuns(engine, wanted)).filter(
      (run) => wanted.length > 0 || run.method !== 'consensus',
    );
    if (runs.length < 2) throw usageError('A consensus needs at least two finished runs. Name them.');
    if (options.k !== undefined && options.rule !== 'votes')
      throw usageError('--k is the number of votes; it belongs to --rule votes.');
    const { runId } = await engine.call('runs.consensus', {
      runIds: runs.map((run) => run.id),
      rule: options.rule,
      k: options.k ?? null,
      name: options.name ?? '',
    });
    const { curve: _, ...run } = await engine.call('runs.get', { id: runId });
    io.result(
      { run },
      [
        table([RUN_HEADER, runText({ ...run, curve: [] })], [1, 3, 5, 6]),
        ...run.notes.map((note) => `Note: ${note}`),
      ].join('\n'),
    );
  });
}
