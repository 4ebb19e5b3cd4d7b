// A run as files in the published formats.
import { describe, expect, test } from 'vitest';
import type { ExportData, ExportVideo } from '../../../electron/formats/data.ts';
import { exportFiles } from '../../../electron/formats/export.ts';
import { readMsad } from '../../../electron/formats/msad.ts';
import { readNpy } from '../../../electron/formats/npy.ts';
import { readConcatenatedGt, readFeatureList } from '../../../electron/formats/rtfm-lists.ts';
import { readMask, readSplit } from '../../../electron/formats/shanghaitech.ts';
import { readFrameText, readNames, readTracks } from '../../../electron/formats/ubnormal.ts';
import { readUcfAnnotation } from '../../../electron/formats/ucf-annotation.ts';
import { readUcfList } from '../../../electron/formats/ucf-lists.ts';
import { readXd } from '../../../electron/formats/xd.ts';
import type { ExportFormat } from '../../../shared/contract/formats.ts';
import { exported } from './sample.ts';

function video(
  id: number,
  relPath: string,
  frames: number,
  events: [number, number][],
  segments?: number,
): ExportVideo {
  const scores = new Float32Array(segments ?? Math.ceil(frames / 16)).fill(0.5);
  return {
    id,
    relPath,
    fingerprint: null,
    frames,
    fpsNum: 25,
    fpsDen: 1,
    secondsAt: null,
    size: null,
    scores,
    labels: new Uint8Array(scores.length),
    videoLabel: null,
    events: events.map(([start, end]) => ({ start, end, max: 0.9, mean: 0.8 })),
  };
}

const sample = exported([
  video(1, 'day/Straße #1=a.b__c.mp4', 40, []),
  video(2, 'day/gate.mp4', 100, [
    [0, 16],
    [32, 64],
    [80, 100],
  ]),
  video(3, 'night/lot.mp4', 33, [[16, 33]]),
]);
const events = (v: ExportVideo) => v.events.map(({ start, end }) => ({ start, end }));
const names = ['Straße #1=a.b__c', 'gate', 'lot'];

function filesOf(data: ExportData, format: ExportFormat) {
  const files = new Map(exportFiles(data, [format]).map((file) => [file.name, file]));
  const bytes = (name: string) => {
    const file = files.get(name);
    if (!file) throw new Error(`${name} is not among ${[...files.keys()].join(', ')}`);
    return file.bytes;
  };
  return { files, bytes, text: (name: string) => new TextDecoder().decode(bytes(name)) };
}

describe('a run in the published formats', () => {
  test('every file tells its convention; notes go into the manifest', () => {
    for (const format of ['ucf', 'ucf_list', 'rtfm', 'xd', 'shanghaitech', 'ubnormal', 'msad'] as const) {
      const { files, text } = filesOf(sample, format);
      const manifest = JSON.parse(text('manifest.json')) as {
        files: { name: string; convention?: string; notes?: string[] }[];
      };
      expect(manifest.files).toHaveLength(files.size - 1);
      for (const listed of manifest.files) {
        expect(listed.name.startsWith(`${format}/`)).toBe(true);
        expect(listed.notes ?? []).toEqual(files.get(listed.name)?.notes ?? []);
        expect(listed.name === 'rtfm/gt_index.csv' || !!listed.convention).toBe(true);
      }
    }
  });

  test('UCF-Crime: two events for every reader, all of them beside it', () => {
    const { files, text } = filesOf(sample, 'ucf');
    const standard = readUcfAnnotation('a', text('ucf/Temporal_Anomaly_Annotation.txt')).rows;
    const all = readUcfAnnotation('b', text('ucf/Temporal_Anomaly_Annotation_all_events.txt')).rows;
    expect(all.map((row) => row.name)).toEqual(names);
    expect(all.map((row) => row.events)).toEqual(sample.videos.map(events));
    expect(standard[1].events).toEqual([
      { start: 32, end: 64 },
      { start: 80, end: 100 },
    ]);
    expect(files.get('ucf/Temporal_Anomaly_Annotation.txt')?.notes).toEqual([
      'gate: 2 of 3 events written, the longest.',
    ]);
    const short = filesOf(exported([sample.videos[0], video(4, 'x.avi', 20, [[0, 20]])]), 'ucf').files;
    expect([...short.keys()]).toEqual(['ucf/Temporal_Anomaly_Annotation.txt', 'manifest.json']);
    expect(short.get('ucf/Temporal_Anomaly_Annotation.txt')?.notes?.[0]).toContain('x.avi');
  });

  test('UCF-Crime list', () => {
    const rows = readUcfList('l', filesOf(sample, 'ucf_list').text('ucf_list/Anomaly_Train.txt'));
    expect(rows).toEqual([
      { name: 'gate', class: 'Anomaly' },
      { name: 'lot', class: 'Anomaly' },
      { name: names[0], class: 'Normal' },
    ]);
  });

  test('RTFM: the vector is in the order of the list and as long as the repeated scores', () => {
    const { files, bytes, text } = filesOf(sample, 'rtfm');
    const list = readFeatureList('f', text('rtfm/features.list'), 2);
    expect(list.map((entry) => entry.path)).toEqual(['gate_i3d.npy', 'lot_i3d.npy', `${names[0]}_i3d.npy`]);
    const gt = readConcatenatedGt(
      { name: 'gt', array: readNpy(bytes('rtfm/gt.npy'), 'gt') },
      { name: 'i', text: text('rtfm/gt_index.csv') },
    );
    expect(gt.map((entry) => entry.events)).toEqual([events(sample.videos[1]), events(sample.videos[2]), []]);
    expect(files.get('rtfm/features.list')?.notes?.[0]).toContain('first 2 lines');
    expect(files.get('rtfm/gt.npy')?.convention).toContain('pad_last');

    const floors = exported([video(1, 'a.mp4', 40, [[32, 40]], 2), video(2, 'b.mp4', 50, [[40, 50]], 4)]);
    const { files: own, bytes: ownBytes } = filesOf(floors, 'rtfm');
    const values = Array.from(readNpy(ownBytes('rtfm/gt.npy'), 'gt').data, Number);
    expect(values.join('')).toBe(`${'0'.repeat(32)}${'0'.repeat(40)}${'1'.repeat(24)}`);
    expect(own.get('rtfm/gt.npy')?.notes).toEqual([expect.stringMatching(/labels end before .*: a\.$/)]);
    const pooled = filesOf(exported([video(1, 'a.mp4', 400, [], 32)]), 'rtfm').files.get('rtfm/gt.npy');
    expect(pooled?.notes).toEqual([expect.stringContaining('than of 16 frames: a.')]);
  });

  test('XD-Violence and MSAD list anomalous videos', () => {
    expect(readXd('x', filesOf(sample, 'xd').text('xd/annotations.txt'))).toEqual([
      { name: 'gate', events: events(sample.videos[1]), classes: null },
      { name: 'lot', events: events(sample.videos[2]), classes: null },
    ]);
    const msad = filesOf(sample, 'msad');
    expect(readMsad('m', msad.text('msad/anomaly_annotation.csv')).map((row) => row.events)).toEqual([
      [{ start: 32, end: 64 }],
      [{ start: 16, end: 33 }],
    ]);
    expect(readMsad('m', msad.text('msad/anomaly_annotation_all_events.csv'))[0].events).toEqual(
      events(sample.videos[1]),
    );
  });

  test('ShanghaiTech: a mask for every name of the list', () => {
    const { bytes, text } = filesOf(sample, 'shanghaitech');
    const split = readSplit('s', text('shanghaitech/SH_Test_NEW.txt'));
    expect(split.map((entry) => entry.abnormal)).toEqual([false, true, true]);
    expect(readSplit('s', text('shanghaitech/SH_Test.txt')).map((entry) => entry.name)).toEqual(names);
    for (const [v, { name }] of split.entries()) {
      const mask = readMask('m', bytes(`shanghaitech/test_frame_mask/${name}.npy`));
      expect(mask).toEqual({ frames: sample.videos[v].frames, events: events(sample.videos[v]) });
    }
  });

  test('UBnormal: tracks of anomalous videos, frame labels of all', () => {
    const { files, text } = filesOf(sample, 'ubnormal');
    const abnormal = readNames('n', text('ubnormal/abnormal_training_video_names.txt'));
    expect(abnormal).toEqual(['gate', 'lot']);
    expect(readNames('n', text('ubnormal/normal_training_video_names.txt'))).toEqual([names[0]]);
    expect(readTracks('t', text('ubnormal/lot_annotations/lot_tracks.txt'))).toEqual([
      { object: 1, start: 16, end: 33 },
    ]);
    expect([...files.keys()].filter((name) => name.endsWith('_tracks.txt'))).toHaveLength(2);
    for (const [v, name] of names.entries()) {
      const read = readFrameText('f', text(`ubnormal/${name}/ground_truth_frame_level.txt`));
      expect(read).toEqual({ frames: sample.videos[v].frames, events: events(sample.videos[v]) });
    }
  });

  test('names are paths where two files have the same name, and files where they could not be', () => {
    const same = exported([video(1, 'a/01.mp4', 16, [[0, 16]]), video(2, 'b/01.mp4', 16, [])]);
    expect(filesOf(same, 'ucf').text('ucf/Temporal_Anomaly_Annotation.txt')).toContain('a/01.mp4  Anomaly');
    expect(filesOf(same, 'ubnormal').files.has('ubnormal/a/01_annotations/01_tracks.txt')).toBe(true);
    const odd = filesOf(exported([video(1, 'what?.mp4', 16, [[0, 16]])]), 'shanghaitech');
    expect(odd.files.has('shanghaitech/test_frame_mask/what_.npy')).toBe(true);
    expect(odd.files.get('shanghaitech/SH_Test.txt')?.notes?.[0]).toContain('what?');
    const twice = filesOf(exported([video(1, 'two  spaces.mp4', 16, [])]), 'ucf');
    expect(twice.files.get('ucf/Temporal_Anomaly_Annotation.txt')?.notes?.[0]).toContain('"two  spaces"');
  });
});
