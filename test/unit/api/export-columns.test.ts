// What the tables of an export say beyond one run, over a real project.
import Papa from 'papaparse';
import { expect, it } from 'vitest';
import { withColumns } from '../../../electron/api/export-columns.ts';
import { exportData } from '../../../electron/api/export-data.ts';
import { calibrationOf } from '../../../electron/api/quality/calibration.ts';
import { makeConsensus } from '../../../electron/api/quality/consensus.ts';
import { exportFiles, formatFiles } from '../../../electron/formats/export.ts';
import { readLabels } from '../../../electron/formats/import.ts';
import { readBack } from '../../../electron/formats/round-trip.ts';
import { exportOptions, importOptions } from '../../../shared/contract/formats.ts';
import { consensusOptions } from '../../../shared/contract/index.ts';
import { probabilityOf } from '../../../shared/quality/calibration.ts';
import { drawn, look, type SampledProject, sampledProject, secondRun } from './sampled.ts';

async function tables(p: SampledProject, kind: 'isotonic' | 'platt' = 'isotonic') {
  const labels = { kind: 'run', runId: p.runId } as const;
  const data = withColumns(p.project, await exportData(p.store, labels), labels, kind);
  const rows = (name: string) => {
    const file = formatFiles(data, 'csv').find((one) => one.name === name)!;
    const text = new TextDecoder().decode(file.bytes);
    return Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
  };
  return { events: rows('events.csv'), segments: rows('segments.csv') };
}

it('other methods, the consensus and agreement are there as soon as they ran', async () => {
  const p = await sampledProject();
  const alone = await tables(p);
  expect(alone.events.every((row) => row.agree_methods === '1')).toBe(true);
  expect(alone.segments.every((row) => row.score_consensus === '')).toBe(true);
  const other = secondRun(p, (score) => 1 - score, 'rarity');
  const options = consensusOptions.parse({ runIds: [p.runId, other], rule: 'mean' });
  const consensus = p.project.scores.of(makeConsensus(p.project, options), false);
  const { events, segments } = await tables(p);
  // The other run is high where this one is low: it labels none of its events.
  expect(events.every((row) => row.agree_methods === '1')).toBe(true);
  const own = segments.filter((row) => row.video_id === String(p.videoIds[0]));
  const scores = p.scores.get(p.videoIds[0])!;
  expect(own.map((row) => Number(row.score_rarity))).toEqual(
    Array.from(scores, (score) => Number(Math.fround(1 - score).toPrecision(9))),
  );
  expect(own.map((row) => Math.fround(Number(row.score_consensus)))).toEqual(
    Array.from(consensus.find((video) => video.videoId === p.videoIds[0])!.scores),
  );
  secondRun(p, (score) => score, 'rarity');
  expect((await tables(p)).events.every((row) => row.agree_methods === '2')).toBe(true);
});

it('probabilities and inclusion probabilities come from the reviewed samples, and only from them', async () => {
  const p = await sampledProject();
  const before = await tables(p);
  for (const row of [...before.segments, ...before.events]) expect(row.probability).toBe('');
  expect(before.segments.every((row) => row.inclusion_prob === '')).toBe(true);
  const samples = [...drawn(p, 'events', 80), ...drawn(p, 'probes', 80)];
  for (const unit of samples) look(p, unit);
  for (const kind of ['isotonic', 'platt'] as const) {
    const calibration = calibrationOf(p.project, p.runId, kind);
    const { segments, events } = await tables(p, kind);
    const method = p.store.runs.get(p.runId).method;
    for (const row of segments.slice(0, 200))
      expect(Number(row.probability)).toBeCloseTo(
        probabilityOf(calibration, Math.fround(Number(row[`score_${method}`]))),
        6,
      );
    for (const row of events) {
      const inside = segments.filter(
        (s) =>
          s.video_id === row.video_id &&
          Number(s.start_frame) >= Number(row.start_frame) &&
          Number(s.end_frame_excl) <= Number(row.end_frame_excl),
      );
      const mean = inside.reduce((sum, s) => sum + Number(s.probability), 0) / inside.length;
      expect(Number(row.probability)).toBeCloseTo(mean, 6);
    }
  }
  const { segments } = await tables(p);
  const known = segments.filter((row) => row.inclusion_prob !== '');
  const wanted = samples.reduce(
    (sum, { start, end }) => sum + Math.ceil(end / 16) - Math.floor(start / 16),
    0,
  );
  expect(known).toHaveLength(wanted);
  const [first] = samples.filter(({ stratum }) => stratum === samples[0].stratum);
  const taken = samples.slice(0, 80).filter(({ stratum }) => stratum === first.stratum).length;
  const row = known.find(
    (s) => s.video_id === String(first.videoId) && Number(s.start_frame) === first.start,
  );
  expect(Number(row?.inclusion_prob)).toBeCloseTo(taken / first.stratumUnits, 8);
});

it('the log of changes goes with reviewed labels, and stays here when videos are named by codes', async () => {
  const p = await sampledProject();
  const [unit] = drawn(p, 'events', 3);
  look(p, unit);
  const labels = { kind: 'inUse', runId: p.runId, layers: ['human', 'rule', 'model'] } as const;
  const source = { ...labels, layers: [...labels.layers] };
  const own = await exportData(p.store, source);
  const names = (coded: boolean, format: 'csv' | 'jsonl' | 'parquet') =>
    formatFiles(withColumns(p.project, own, source, 'isotonic', coded), format).map(({ name }) => name);
  for (const format of ['csv', 'jsonl', 'parquet'] as const) {
    expect(names(false, format)).toContain(`audit.${format}`);
    expect(names(true, format)).not.toContain(`audit.${format}`);
  }
  const data = withColumns(p.project, own, source, 'isotonic');
  const files = formatFiles(data, 'jsonl');
  const lines = new TextDecoder().decode(files.find(({ name }) => name === 'audit.jsonl')?.bytes).trim();
  const last = JSON.parse(lines.split('\n').at(-1) ?? '') as Record<string, unknown>;
  expect(last).toMatchObject({ actor: 'ada', action: 'review.change', entity: 'event' });
  expect(JSON.parse(String(last.after))).toMatchObject({ videoId: unit.videoId });
  for (const format of ['csv', 'jsonl', 'parquet'] as const)
    expect((await readBack(data, format, formatFiles(data, format), exportOptions.parse({})))?.same).toBe(
      true,
    );
  const manifest = exportFiles(data, ['csv']);
  expect(
    (await readLabels(manifest, null, importOptions.parse({}))).format,
    'a folder with its log is still recognised',
  ).toBe('csv');
});
