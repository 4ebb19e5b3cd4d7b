import { describe, expect, it } from 'vitest';
import {
  defaultsOf,
  formState,
  optionProblem,
  presetValues,
  visibleOptions,
} from '../../../../renderer/features/runs/form.ts';
import {
  chartInWords,
  chartsOf,
  flat,
  freeName,
  histogramInWords,
  histogramsOf,
  ruleProblem,
  shortName,
  textOf,
  totalsOf,
  truthKeys,
  xNameOf,
} from '../../../../renderer/features/runs/runs.ts';
import type { MethodInfo, Run } from '../../../../shared/contract/index.ts';
import { AppError } from '../../../../shared/errors.ts';
import { histogramPoints } from '../../../../shared/histogram-series.ts';
import { sameRule } from '../../../../shared/labels/events.ts';
import { scoringNetwork, wantsLabels } from '../../../../shared/method-needs.ts';

const option = (key: string, part: object = {}) => ({
  key,
  label: key,
  help: '',
  source: '',
  type: 'number' as const,
  default: 1,
  advanced: false,
  ...part,
});
const info: MethodInfo = {
  name: 'c2fpl',
  title: 'C2FPL',
  summary: '',
  paper: '',
  knownLabels: { option: 'mode', values: ['a'] },
  options: [
    option('rate', { default: 5e-4, min: 0, max: 1 }),
    option('epochs', { type: 'integer', default: 100, min: 1, advanced: true }),
    option('mode', { type: 'choice', choices: [{ value: 'a', label: 'A' }], default: 'a' }),
    option('smooth', { type: 'switch', default: true, advanced: true }),
  ],
  presets: [
    { name: 'quick', label: 'Quick', help: '', values: { epochs: 5, unknown: 3, rate: { nested: true } } },
  ],
};

describe('what a run may be given', () => {
  it('is known by the options', () => {
    expect(wantsLabels(info, { mode: 'a' })).toBe(true);
    expect(wantsLabels(info, { mode: 'b' })).toBe(false);
    expect(scoringNetwork(info, { mode: 'a' })).toBeNull();
    expect(scoringNetwork({ ...info, weights: { network: 'RTFM', where: null } }, {})).toBe('RTFM');
    const where = { option: 'mode', value: 'a' };
    const flow = { ...info, weights: { network: 'STG-NF', where } };
    expect(scoringNetwork(flow, { mode: 'a' })).toBe('STG-NF');
    expect(scoringNetwork(flow, { mode: 'b' })).toBeNull();
  });
});

describe('options of a new run', () => {
  it('start at the defaults, with the known values of a preset', () => {
    expect(presetValues(info, 'quick')).toEqual({ rate: 5e-4, epochs: 5, mode: 'a', smooth: true });
    expect(presetValues(info, 'none')).toEqual(defaultsOf(info));
  });
  it('are checked by their type and range', () => {
    expect(optionProblem(info.options[0], 2)).toBe('Use at most 1.');
    expect(optionProblem(info.options[0], Number.NaN)).toMatch(/Not a number/);
    expect(optionProblem(info.options[1], 1.5)).toMatch(/whole/);
    expect(optionProblem(info.options[2], 'b')).toMatch(/Choose/);
    expect(optionProblem(info.options[3], undefined)).toMatch(/Switch/);
    expect(info.options.map((o) => optionProblem(o, o.default))).toEqual([null, null, null, null]);
  });
  it('hide the advanced ones, unless they are changed or wrong', () => {
    const base = defaultsOf(info);
    const keys = (values: typeof base, all = false) =>
      visibleOptions(info, all, formState(info, values, base)).map((o) => o.key);
    expect(keys(base)).toEqual(['rate', 'mode']);
    expect(keys({ ...base, epochs: 7 })).toEqual(['rate', 'epochs', 'mode']);
    expect(keys(base, true)).toHaveLength(4);
    expect(formState(info, { ...base, epochs: 0 }, base).problems.map((p) => p.option.key)).toEqual([
      'epochs',
    ]);
  });
  it('get the next free name', () => {
    const runs = ['c2fpl-01', 'c2fpl-03', 'motion-02'].map((name) => ({ name }) as Run);
    expect([freeName('c2fpl', runs), freeName('motion', runs)]).toEqual(['c2fpl-02', 'motion-01']);
  });
});

describe('learning curves', () => {
  const curve = [
    { series: 'loss', x: 2, y: 0.5 },
    { series: 'loss', x: 1, y: 0.7 },
    { series: 'validation loss', x: 1, y: 0.9 },
    { series: 'learning rate', x: 1, y: 1e-4 },
  ];
  it('share a chart when they are of like size', () => {
    expect(chartsOf(curve).map((chart) => chart.name)).toEqual(['loss, validation loss', 'learning rate']);
    expect(chartsOf(curve)[0].lines[0].points).toEqual([
      [1, 0.7],
      [2, 0.5],
    ]);
    expect(chartsOf([])).toEqual([]);
    expect(chartsOf(curve.toReversed()).map((chart) => chart.name)).toEqual([
      'validation loss, loss',
      'learning rate',
    ]);
  });
  it('of other stages have charts of their own, without the stage in the names of lines', () => {
    const stages = chartsOf([
      { series: 'stage 1: MIL loss', x: 1, y: 1 },
      { series: 'stage 2: loss', x: 1, y: 1 },
      { series: 'stage 1: diversity', x: 1, y: 0.5 },
    ]);
    expect(stages.map((chart) => chart.name)).toEqual(['stage 1: MIL loss, diversity', 'stage 2: loss']);
    expect(stages[0].lines.map((line) => line.name)).toEqual(['MIL loss', 'diversity']);
  });
  it('leave histograms to their own charts', () => {
    const points = [
      ...histogramPoints('error', 'round 10', [0, 1, 2], [3, 4]),
      ...histogramPoints('error', 'round 2', [0, 1, 2], [5, 0]),
    ];
    expect(chartsOf(points)).toEqual([]);
    const [chart, ...others] = histogramsOf(points.toReversed());
    expect(others).toEqual([]);
    expect(chart.name).toBe('error');
    expect(chart.bars.map(({ name, bins }) => [name, bins])).toEqual([
      [
        'round 2',
        [
          [0.5, 5],
          [1.5, 0],
        ],
      ],
      [
        'round 10',
        [
          [0.5, 3],
          [1.5, 4],
        ],
      ],
    ]);
    expect(histogramInWords(chart, String)).toBe(
      'round 2: 5, most of them near 0.5; round 10: 7, most of them near 1.5',
    );
  });
  it('are told in words too', () => {
    expect(chartInWords(chartsOf(curve)[0], String)).toBe(
      'loss: 2 points, from 0.7 to 0.5; validation loss: 1 points, from 0.9 to 0.9',
    );
  });
});

describe('thresholds and events', () => {
  const rule = { on: 0.5, off: 0.4, minFrames: 0, gapFrames: 16 };
  it('refuse what cannot be', () => {
    expect(ruleProblem(rule)).toBeNull();
    expect(ruleProblem({ ...rule, off: 0.6 })).toMatch(/off threshold/);
    expect(ruleProblem({ ...rule, gapFrames: Number.NaN })).toMatch(/four numbers/);
    expect(ruleProblem({ ...rule, minFrames: -1 })).toMatch(/negative/);
    expect([sameRule(rule, { ...rule }), sameRule(rule, { ...rule, gapFrames: 0 })]).toEqual([true, false]);
  });
  it('sum half-open ranges', () => {
    const event = { videoId: 1, start: 16, end: 48, max: 1, mean: 1 };
    expect(totalsOf([event, { ...event, start: 64, end: 80 }, { ...event, videoId: 2 }])).toEqual({
      events: 3,
      frames: 80,
      videos: 2,
    });
    expect(totalsOf([])).toEqual({ events: 0, frames: 0, videos: 0 });
  });
});

it('writes configuration and nested provenance as text', () => {
  expect([textOf(true), textOf(0.0005), textOf(12000), textOf('a'), textOf([1, 2])]).toEqual([
    'on',
    '5e-4',
    '12,000',
    'a',
    '[1,2]',
  ]);
  expect(flat(['data', { sha: 'ab', n: 3 }])).toEqual([
    ['data sha', 'ab'],
    ['data n', '3'],
  ]);
  expect(flat(['code', '1.0'])).toEqual([['code', '1.0']]);
});

it('reads the names among which the engine wants a choice', () => {
  expect(truthKeys(new AppError('bad_input', 'Say which.', { choices: ['a', 'b', 3] }))).toEqual(['a', 'b']);
  expect(truthKeys(new AppError('bad_input', 'No.'))).toEqual([]);
  expect(truthKeys(new AppError('internal', 'No.', { choices: ['a'] }))).toEqual([]);
  expect(truthKeys(null)).toEqual([]);
});

it('tabs of charts are short, and series counted by modules stand apart from those by steps', () => {
  const at = (series: string, y: number) => ({ series, x: 1, y });
  const first = [
    at('loss of the weak model', 1),
    at('loss of the one-class model', 0.5),
    at('agreement per step', 0.9),
    at('T per module', 1),
  ];
  const charts = chartsOf(first);
  expect(charts.map(shortName)).toEqual(['losses', 'agreement', 'T']);
  // One threshold is no curve; the second one is what the page opens on.
  const second = chartsOf([...first, { series: 'T per module', x: 2, y: 0.8 }]);
  expect(second.map(shortName)).toEqual(['T', 'losses', 'agreement']);
  expect(charts.map((chart) => xNameOf('wocc-ws', chart))).toEqual(['step', 'step', 'module']);
});
