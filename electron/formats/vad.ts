// A run in the published formats of video anomaly detection (formats.md 3.1 to 3.7).
// Role: file names, index conventions and notes for an export; the bytes come from one module per format. Limits: a run
// has one class of event and no scenario, and every video belongs to one part.
import type { ExportOptions } from '../../shared/contract/formats.ts';
import { type ExportData, type ExportedFile, fileStems, textFile } from './data.ts';
import { tailSegments } from './gt-build.ts';
import { classNotes, type LabelledVideo, labelledVideos } from './labelled.ts';
import { someOf } from './lines.ts';
import { writeMsad } from './msad.ts';
import { abnormalFirst, writeConcatenatedGt, writeFeatureList } from './rtfm-lists.ts';
import { writeMask, writeSplit } from './shanghaitech.ts';
import { writeFrameText, writeNames, writeTracks } from './ubnormal.ts';
import { type UcfBase, type UcfOptions, writeUcfAnnotation } from './ucf-annotation.ts';
import { writeUcfList } from './ucf-lists.ts';
import { writeXd } from './xd.ts';

/** Where names end in .mp4 although the files do not. */
function extensionNotes({ videos }: ExportData, format: string): string[] {
  const others = videos.filter((video) => !video.relPath.endsWith('.mp4')).map((video) => video.relPath);
  if (others.length === 0) return [];
  return [`${format} ends every name in .mp4; the files are called otherwise: ${someOf(others)}.`];
}

/** The bases in words. */
export const BASE_MEANING: Record<UcfBase, string> = {
  matlab1: 'from 1, both ends included',
  py_incl: 'from 0, both ends included',
  py_half: 'from 0, end excluded',
};

/**
 * `ucf/Temporal_Anomaly_Annotation.txt`. Under `split` it has at most two events per video, as every reader expects it,
 * and where a video has more, `..._all_events.txt` beside it has all of them.
 * @throws AppError `unsupported` under `refuse` where a video has more than two
 */
export function writeUcf(data: ExportData, options: ExportOptions): ExportedFile[] {
  const { ucfBase: base, ucfExtension: extension, overflow } = options;
  const videos = labelledVideos(data);
  const convention = `UCF-Crime: frames counted ${BASE_MEANING[base]} (base ${base}); fields and line ends have two spaces.`;
  const file = (name: string, extraEvents: UcfOptions['extraEvents'], more: string[]): ExportedFile => {
    const { text, notes } = writeUcfAnnotation(videos, { base, extension, extraEvents });
    return { ...textFile(`ucf/${name}.txt`, text), convention, notes: [...notes, ...more] };
  };
  const extra = overflow === 'append' || overflow === 'refuse' ? overflow : 'longestTwo';
  const standard = file('Temporal_Anomaly_Annotation', extra, [
    ...classNotes(data, "UCF-Crime's format"),
    ...(extension === '' ? [] : extensionNotes(data, "UCF-Crime's format")),
  ]);
  if (overflow !== 'split' || videos.every((video) => video.events.length <= 2)) return [standard];
  return [standard, file('Temporal_Anomaly_Annotation_all_events', 'append', [])];
}

/** `ucf_list/Anomaly_Train.txt` or `_Test.txt`: `Anomaly/name.mp4`, normal videos in the folder of the published list. */
export function writeUcfVideoList(data: ExportData, { part }: ExportOptions): ExportedFile[] {
  const { text, notes } = writeUcfList(labelledVideos(data), part);
  return [
    {
      ...textFile(`ucf_list/Anomaly_${part === 'train' ? 'Train' : 'Test'}.txt`, text),
      convention:
        'UCF-Crime: one video per line under its class; no frames. Anomalous are videos with an event.',
      notes: [...notes, ...classNotes(data, "UCF-Crime's list"), ...extensionNotes(data, "UCF-Crime's list")],
    },
  ];
}

/**
 * `rtfm/features.list`, anomalous videos first, and `rtfm/gt.npy` with `rtfm/gt_index.csv` in the order of the list: 16
 * values for each segment of the features, because the consumer repeats every score 16 times.
 */
export function writeRtfm(data: ExportData, { gtType }: ExportOptions): ExportedFile[] {
  const entries = abnormalFirst(
    labelledVideos(data).map((video, v) => ({
      ...video,
      path: `${video.name}_i3d.npy`,
      abnormal: video.events.length > 0,
      segments: data.videos[v].labels.length,
    })),
  );
  const list = writeFeatureList(entries);
  const listed = new Set(list.text.split('\n'));
  const kept = entries.filter((entry) => listed.has(entry.path));
  const gt = writeConcatenatedGt(kept, 'pad_last', gtType);
  // One segment more or less is the remainder of a video; more means that segments are not 16 frames.
  const others = kept.filter((e) => Math.abs(tailSegments(e.frames, 'pad_last') - e.segments) > 1);
  const notes = [...gt.notes];
  if (others.length > 0) {
    notes.push(
      `RTFM's labels have 16 values per segment of the features, and these videos have other numbers of segments than of 16 frames: ${someOf(others.map((entry) => entry.name))}.`,
    );
  }
  return [
    {
      ...textFile('rtfm/features.list', list.text),
      convention: `RTFM: labels by position, ${list.abnormal} anomalous lines, then ${list.normal} normal ones; <name>_i3d.npy are the names of the feature files to make.`,
      notes: list.notes,
    },
    {
      name: 'rtfm/gt.npy',
      bytes: gt.npy,
      convention:
        'RTFM: 1 = anomalous, videos in the order of features.list, 16 values per segment of the features; tail policy pad_last: the label of the last frame is repeated where the last segment is short.',
      notes,
    },
    textFile('rtfm/gt_index.csv', gt.index),
  ];
}

/** `xd/annotations.txt`. */
export function writeXdAnnotations(data: ExportData, { xdClasses }: ExportOptions): ExportedFile[] {
  const { text, notes } = writeXd(labelledVideos(data), xdClasses);
  return [
    {
      ...textFile('xd/annotations.txt', text),
      convention: `XD-Violence: frames counted from 0, end excluded; anomalous videos only${xdClasses ? '; the class stands before each pair' : ''}.`,
      notes: [...notes, ...(xdClasses ? classNotes(data, "XD-Violence's format") : [])],
    },
  ];
}

/** The labels under names that can be files, and a sentence where a name had to change. */
function withFileNames(data: ExportData, format: string): { videos: LabelledVideo[]; notes: string[] } {
  const labelled = labelledVideos(data);
  const stems = fileStems(labelled.map(({ name }) => ({ relPath: `${name}.mp4` })));
  const changed = labelled.filter((video, v) => video.name !== stems[v]).map((video) => video.name);
  return {
    videos: labelled.map((video, v) => ({ ...video, name: stems[v] })),
    notes:
      changed.length > 0
        ? [`${format}: names that cannot be file names everywhere are changed: ${someOf(changed)}.`]
        : [],
  };
}

/** `shanghaitech/test_frame_mask/<video>.npy`, and lists of all videos with and without labels. */
export function writeShanghaiTech(data: ExportData): ExportedFile[] {
  const { videos, notes } = withFileNames(data, 'ShanghaiTech');
  const names = writeSplit(videos);
  const labelled = writeSplit(videos, true);
  return [
    {
      ...textFile('shanghaitech/SH_Test.txt', names.text),
      convention: 'ShanghaiTech: one name per line, sorted; no labels.',
      notes: [...notes, ...names.notes],
    },
    {
      ...textFile('shanghaitech/SH_Test_NEW.txt', labelled.text),
      convention: 'ShanghaiTech, as MIST lists it: name, 1 = anomalous, frames (-1 for anomalous videos).',
      notes: labelled.notes,
    },
    ...videos.map((video) => ({
      name: `shanghaitech/test_frame_mask/${video.name}.npy`,
      bytes: writeMask(video),
      convention: 'ShanghaiTech: uint8, one value per frame, 1 = anomalous.',
    })),
  ];
}

/** `ubnormal/<video>_annotations/<video>_tracks.txt` for videos with events, frame-level text for all, lists of names. */
export function writeUbnormal(data: ExportData, { ubnormalStyle }: ExportOptions): ExportedFile[] {
  const { videos, notes } = withFileNames(data, 'UBnormal');
  const abnormal = videos.filter((video) => video.events.length > 0);
  const list = (kind: 'abnormal' | 'normal', of: LabelledVideo[], more: string[]): ExportedFile => {
    const { text, notes: lost } = writeNames(of.map((video) => video.name));
    return {
      ...textFile(`ubnormal/${kind}_training_video_names.txt`, text),
      convention: 'UBnormal: one name per line.',
      notes: [...more, ...lost],
    };
  };
  return [
    list('abnormal', abnormal, notes),
    list(
      'normal',
      videos.filter((video) => video.events.length === 0),
      [],
    ),
    ...abnormal.map((video) => ({
      ...textFile(
        `ubnormal/${video.name}_annotations/${video.name.replace(/^.*\//, '')}_tracks.txt`,
        writeTracks(video),
      ),
      convention:
        'UBnormal: object, start, end; frames counted from 0, both ends included; one track per event.',
    })),
    ...videos.map((video) => ({
      ...textFile(
        `ubnormal/${video.name}/ground_truth_frame_level.txt`,
        writeFrameText(video, ubnormalStyle),
      ),
      convention: `UBnormal: one value per frame, ${ubnormalStyle === 'numpy' ? 'as NumPy prints it' : 'as a whole number'}, 1 = anomalous.`,
    })),
  ];
}

/**
 * `msad/anomaly_annotation.csv` with the longest event of each video; where a video has more, `..._all_events.csv` has a
 * row for each.
 */
export function writeMsadTable(data: ExportData, { overflow }: ExportOptions): ExportedFile[] {
  const videos = labelledVideos(data).map((video) => ({ ...video, scenario: '' }));
  const file = (name: string, extraEvents: 'append' | 'longest' | 'refuse'): ExportedFile => {
    const { text, notes } = writeMsad(videos, extraEvents);
    return {
      ...textFile(`msad/${name}.csv`, text),
      convention: 'MSAD: frames counted from 1, both ends included; the scenario is not known and empty.',
      notes,
    };
  };
  const standard = file('anomaly_annotation', overflow === 'split' ? 'longest' : overflow);
  if (overflow !== 'split' || videos.every((video) => video.events.length <= 1)) return [standard];
  return [standard, file('anomaly_annotation_all_events', 'append')];
}
