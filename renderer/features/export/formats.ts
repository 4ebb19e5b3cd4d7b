// The formats of an export as people find them. Role: groups, names, one line each, and which conventions belong to which.
import { z } from 'zod';
import {
  type ExportFormat,
  type ExportOptions,
  exportFormat,
  exportOptions,
} from '../../../shared/contract/formats.ts';
import { choice } from '../../state/choices.ts';

export const GROUPS = [
  'Tables',
  'Training',
  'Anomaly benchmarks',
  'Annotation tools',
  'Players and cutters',
] as const;

export interface FormatEntry {
  group: (typeof GROUPS)[number];
  format: ExportFormat;
  label: string;
  note: string;
}

export const FORMATS: readonly FormatEntry[] = [
  {
    group: 'Tables',
    format: 'csv',
    label: 'Events and segments, CSV',
    note: '.csv, all columns, frames from 0',
  },
  {
    group: 'Tables',
    format: 'jsonl',
    label: 'Events and segments, JSONL',
    note: '.jsonl, one object per row',
  },
  {
    group: 'Tables',
    format: 'parquet',
    label: 'Events and segments, Parquet',
    note: '.parquet, typed, for pandas and DuckDB',
  },
  {
    group: 'Training',
    format: 'pytorch',
    label: 'Folder for PyTorch',
    note: 'features, labels, splits and a loader',
  },
  {
    group: 'Training',
    format: 'frame_npy',
    label: 'Frame labels per video',
    note: '.npy, one 0 or 1 per frame, and scores',
  },
  {
    group: 'Training',
    format: 'gt_npy',
    label: 'Frame labels, concatenated',
    note: '.npy with order file, 16 values a segment',
  },
  {
    group: 'Training',
    format: 'c2fpl',
    label: 'Segment labels for C2FPL',
    note: 'labels.npy, nalist.npy, videos.txt',
  },
  {
    group: 'Training',
    format: 'rtfm',
    label: 'RTFM list and frame labels',
    note: '.list, abnormal first, and gt.npy',
  },
  {
    group: 'Anomaly benchmarks',
    format: 'ucf',
    label: 'UCF-Crime annotation',
    note: '.txt, up to two events a video',
  },
  {
    group: 'Anomaly benchmarks',
    format: 'ucf_list',
    label: 'UCF-Crime list of videos',
    note: '.txt, class and name, no frames',
  },
  {
    group: 'Anomaly benchmarks',
    format: 'xd',
    label: 'XD-Violence annotation',
    note: '.txt, anomalous videos, end excluded',
  },
  {
    group: 'Anomaly benchmarks',
    format: 'shanghaitech',
    label: 'ShanghaiTech masks',
    note: 'one .npy a video, and lists',
  },
  {
    group: 'Anomaly benchmarks',
    format: 'ubnormal',
    label: 'UBnormal tracks',
    note: 'one .txt a video, both ends included',
  },
  { group: 'Anomaly benchmarks', format: 'msad', label: 'MSAD table', note: '.csv, one event a video' },
  { group: 'Annotation tools', format: 'cvat', label: 'CVAT for video 1.1', note: '.xml, events as tracks' },
  {
    group: 'Annotation tools',
    format: 'cvat_images',
    label: 'CVAT for images 1.1',
    note: '.xml, a tag per anomalous frame',
  },
  {
    group: 'Annotation tools',
    format: 'label_studio',
    label: 'Label Studio timeline',
    note: '.json, people and model apart',
  },
  { group: 'Annotation tools', format: 'dive', label: 'DIVE', note: '.json, one track per event' },
  { group: 'Annotation tools', format: 'viame', label: 'VIAME', note: '.csv, one row per frame of an event' },
  {
    group: 'Annotation tools',
    format: 'via3',
    label: 'VIA 3 project',
    note: '.json, seconds, all videos in one',
  },
  { group: 'Annotation tools', format: 'elan', label: 'ELAN', note: '.eaf, milliseconds, a tier per layer' },
  {
    group: 'Annotation tools',
    format: 'fiftyone',
    label: 'FiftyOne temporal detections',
    note: '.json, first frame is 1',
  },
  {
    group: 'Annotation tools',
    format: 'activitynet',
    label: 'ActivityNet',
    note: '.json, ground truth and predictions',
  },
  {
    group: 'Annotation tools',
    format: 'x_anylabeling',
    label: 'X-AnyLabeling',
    note: '.json beside each video',
  },
  {
    group: 'Players and cutters',
    format: 'webvtt',
    label: 'WebVTT',
    note: '.vtt, subtitles for players and the web',
  },
  { group: 'Players and cutters', format: 'srt', label: 'SubRip', note: '.srt, subtitles for players' },
  {
    group: 'Players and cutters',
    format: 'chapters',
    label: 'Chapters',
    note: 'FFmpeg metadata, for the container',
  },
  {
    group: 'Players and cutters',
    format: 'losslesscut',
    label: 'LosslessCut',
    note: '.csv, segments to cut out',
  },
];

export const entryOf = (format: ExportFormat): FormatEntry =>
  FORMATS.find((entry) => entry.format === format) ?? FORMATS[0];

/** Formats whose name, note or group holds the text. */
export function found(text: string): FormatEntry[] {
  const wanted = text.trim().toLowerCase();
  return FORMATS.filter(({ label, note, group, format }) =>
    `${label} ${note} ${group} ${format}`.toLowerCase().includes(wanted),
  );
}

export interface Convention {
  key: keyof ExportOptions;
  label: string;
  choices: readonly { value: string; label: string; aside?: string }[];
}

const OVERFLOW = (longest: string, extra: string): Convention => ({
  key: 'overflow',
  label: 'More events in a video than a row holds',
  choices: [
    { value: 'split', label: 'A second file with all', aside: 'nothing is lost' },
    { value: 'longest', label: longest },
    { value: 'append', label: extra, aside: 'not standard' },
    { value: 'refuse', label: 'Stop and list the videos' },
  ],
});

const GT_TYPE: Convention = {
  key: 'gtType',
  label: 'Numbers',
  choices: [
    { value: 'f8', label: 'float64', aside: 'as RTFM has it' },
    { value: 'f4', label: 'float32', aside: 'as XDVioDet has it' },
  ],
};

const PROBABILITIES: Convention = {
  key: 'probabilities',
  label: 'Probabilities, from reviewed samples',
  choices: [
    { value: 'isotonic', label: 'Isotonic', aside: 'any rising shape' },
    { value: 'platt', label: 'Platt', aside: 'a logistic curve' },
  ],
};

/** Conventions that a person chooses, by format. */
export const CONVENTIONS: Partial<Record<ExportFormat, readonly Convention[]>> = {
  csv: [PROBABILITIES],
  jsonl: [PROBABILITIES],
  parquet: [PROBABILITIES],
  ucf: [
    {
      key: 'ucfBase',
      label: 'Frames are counted',
      choices: [
        { value: 'matlab1', label: 'From 1, last included', aside: 'as scored' },
        { value: 'py_incl', label: 'From 0, last included', aside: 'as RTFM reads' },
        { value: 'py_half', label: 'From 0, end excluded', aside: 'as VadCLIP reads' },
      ],
    },
    OVERFLOW('Keep the two longest', 'Write extra pairs'),
    {
      key: 'ucfExtension',
      label: 'Names',
      choices: [
        { value: '.mp4', label: 'With .mp4', aside: 'as published' },
        { value: '', label: 'Without', aside: "as in VadCLIP's copy" },
      ],
    },
  ],
  msad: [OVERFLOW('Keep the longest', 'Write a row for each')],
  ucf_list: [
    {
      key: 'part',
      label: 'Which list',
      choices: [
        { value: 'train', label: 'Anomaly_Train.txt' },
        { value: 'test', label: 'Anomaly_Test.txt' },
      ],
    },
  ],
  gt_npy: [
    {
      key: 'tail',
      label: 'Frames after the last whole segment',
      choices: [
        { value: 'pad_last', label: 'Repeat the last label', aside: 'ShanghaiTech' },
        { value: 'drop', label: 'Leave them out', aside: 'floor(n / 16)' },
        { value: 'xd', label: 'Drop one frame, then the rest', aside: 'XDVioDet' },
      ],
    },
    GT_TYPE,
  ],
  rtfm: [GT_TYPE],
  ubnormal: [
    {
      key: 'ubnormalStyle',
      label: 'Frame labels are written',
      choices: [
        { value: 'numpy', label: 'As NumPy prints them', aside: '1.000000000000000000e+00' },
        { value: 'int', label: 'As whole numbers', aside: 'for readers that call int()' },
      ],
    },
  ],
};

export interface ChosenExport {
  formats: ExportFormat[];
  options: ExportOptions;
  /** The format that is looked at. */
  shown: ExportFormat;
}

/** What was chosen last time. */
export const chosenExport = choice<ChosenExport>(
  'export',
  z.object({ formats: z.array(exportFormat), options: exportOptions, shown: exportFormat }),
  { formats: ['csv', 'jsonl'], options: exportOptions.parse({}), shown: 'csv' },
);
