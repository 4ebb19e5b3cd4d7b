// `runs`: which runs there are, and one of them whole: options, notes, curves and how its labels evolved.
import type { RunDetail, ScoreMap } from '../../../../shared/contract/index.ts';
import { histogramSeries } from '../../../../shared/histogram-series.ts';
import type { Engine } from '../../../api/engine.ts';
import type { Io } from '../io.ts';
import { findRuns } from '../select.ts';
import { type ProjectOptions, withProject } from '../session.ts';
import { ratio, spark, table } from '../text.ts';
import { RUN_HEADER, runText } from './train.ts';

/** Columns of a drawn line. */
const WIDTH = 60;

/** `1,234`, `0.0123`: what fits beside a line. */
const short = (value: number): string => String(Number(value.toPrecision(4)));

/** A line per series: first and last value, the range, and its course. */
function curves({ curve }: RunDetail): string {
  const series = [...Map.groupBy(curve, (point) => point.series)].filter(
    ([name]) => histogramSeries(name) === null,
  );
  if (series.length === 0) return '';
  return table([
    ['curve', 'first', 'last', 'course'],
    ...series.map(([name, points]) => {
      const values = points.toSorted((a, b) => a.x - b.x).map(({ y }) => y);
      return [name, short(values[0]), short(values[values.length - 1]), spark(values, WIDTH)];
    }),
  ]);
}

/** A block per video, a line per stage and score; marks are labels. */
function maps(all: readonly ScoreMap[], names: ReadonlyMap<number, string>): string {
  return [...Map.groupBy(all, ({ videoId }) => videoId)]
    .map(([videoId, own]) =>
      [
        names.get(videoId) ?? `video ${videoId}`,
        table(
          own.flatMap(({ stage, lines }) =>
            lines.map(({ name, values }, i) => [
              `  ${i === 0 ? stage : ''}`,
              name,
              spark(values, WIDTH, [0, 1]),
            ]),
          ),
          [0],
        ),
      ].join('\n'),
    )
    .join('\n\n');
}

function whole(run: RunDetail, all: readonly ScoreMap[], names: ReadonlyMap<number, string>): string {
  const parts = [
    table(
      [
        [...RUN_HEADER, 'state'],
        [...runText(run), run.state],
      ],
      [1, 3, 5, 6],
    ),
    Object.entries(run.config)
      .map(([key, value]) => `${key}=${String(value)}`)
      .join('  '),
    run.notes.map((note) => `- ${note}`).join('\n'),
    curves(run),
    all.length > 0 ? `How labels evolved, stage by stage:\n\n${maps(all, names)}` : '',
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

async function listed(engine: Engine) {
  const runs = await Promise.all(
    (await engine.call('runs.list', {})).toReversed().map(({ id }) => engine.call('runs.get', { id })),
  );
  const text =
    runs.length === 0
      ? 'There is no run yet. Train one: zerolabel train c2fpl'
      : table(
          [
            [...RUN_HEADER, 'state', 'AUC'],
            ...runs.map((run) => [...runText(run), run.state, ratio(run.metrics?.microAuc ?? null)]),
          ],
          [1, 3, 5, 6, 8],
        );
  return { data: { runs: runs.map(({ curve: _, ...run }) => run) }, text };
}

/** Lists all runs, or shows those named whole. */
export function runs(io: Io, options: ProjectOptions, wanted: string[]): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    if (wanted.length === 0) {
      const { data, text } = await listed(engine);
      io.result(data, text);
      return;
    }
    const names = new Map((await engine.call('videos.list', {})).map(({ id, relPath }) => [id, relPath]));
    const shown = [];
    for (const { id } of await findRuns(engine, wanted, 'any')) {
      const run = await engine.call('runs.get', { id });
      shown.push({ run, maps: await engine.call('runs.maps', { id }) });
    }
    io.result(
      { runs: shown.map(({ run, maps: own }) => ({ ...run, maps: own })) },
      shown.map(({ run, maps: own }) => whole(run, own, names)).join('\n\n\n'),
    );
  });
}
