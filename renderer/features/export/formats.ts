// The formats of an export as people find them. Role: groups, names, one line each, and which conventions belong to which.
import { z } from 'zod';
import {
  type ExportFormat,
  type ExportOptions,
  exportFormat,
  exportOptions,
  FORMAT_NAMES,
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

const ENTRIES: readonly Omit<FormatEntry, 'label'>[] = [
  {
    group: 'Tables',
    format: 'csv',
    note: '.csv, all columns, frames from 0',
  },
  {
    group: 'Tables',
    format: 'jsonl',
    note: '.jsonl, one object per row',
  },
  {
    group: 'Tables',
    format: 'parquet',
    note: '.parquet, typed, for pandas and DuckDB',
  },
  {
    group: 'Training',
    format: 'pytorch',
    note: 'features, labels, splits and a loader',
  },
  {
    group: 'Training',
    format: 'frame_npy',
    note: '.npy, one 0 or 1 per frame, and scores',
  },
  {
    group: 'Training',
    format: 'gt_npy',
    note: '.npy with order file, 16 values a segment',
  },
  {
    group: 'Training',
    format: 'c2fpl',
    note: 'labels.npy, nalist.npy, videos.txt',
  },
  {
    group: 'Training',
    format: 'rtfm',
    note: '.list, abnormal first, and gt.npy',
  },
  {
    group: 'Anomaly benchmarks',
    format: 'ucf',
    note: '.txt, up to two events a video',
  },
  {
    group: 'Anomaly benchmarks',
    format: 'ucf_list',
    note: '.txt, class and name, no frames',
  },
  {
    group: 'Anomaly benchmarks',
    format: 'xd',
    note: '.txt, anomalous videos, end excluded',
  },
  {
    group: 'Anomaly benchmarks',
    format: 'shanghaitech',
    note: 'one .npy a video, and lists',
  },
  {
    group: 'Anomaly benchmarks',
    format: 'ubnormal',
    note: 'one .txt a video, both ends included',
  },
  { group: 'Anomaly benchmarks', format: 'msad', note: '.csv, one event a video' },
  { group: 'Annotation tools', format: 'cvat', note: '.xml, events as tracks' },
  {
    group: 'Annotation tools',
    format: 'cvat_images',
    note: '.xml, a tag per anomalous frame',
  },
  {
    group: 'Annotation tools',
    format: 'label_studio',
    note: '.json, people and model apart',
  },
  { group: 'Annotation tools', format: 'dive', note: '.json, one track per event' },
  { group: 'Annotation tools', format: 'viame', note: '.csv, one row per frame of an event' },
  {
    group: 'Annotation tools',
    format: 'via3',
    note: '.json, seconds, all videos in one',
  },
  { group: 'Annotation tools', format: 'elan', note: '.eaf, milliseconds, a tier per layer' },
  {
    group: 'Annotation tools',
    format: 'fiftyone',
    note: '.json, first frame is 1',
  },
  {
    group: 'Annotation tools',
    format: 'activitynet',
    note: '.json, ground truth and predictions',
  },
  {
    group: 'Annotation tools',
    format: 'x_anylabeling',
    note: '.json beside each video',
  },
  {
    group: 'Players and cutters',
    format: 'webvtt',
    note: '.vtt, subtitles for players and the web',
  },
  { group: 'Players and cutters', format: 'srt', note: '.srt, subtitles for players' },
  {
    group: 'Players and cutters',
    format: 'chapters',
    note: 'FFmpeg metadata, for the container',
  },
  {
    group: 'Players and cutters',
    format: 'losslesscut',
    note: '.csv, segments to cut out',
  },
];

export const FORMATS: readonly FormatEntry[] = ENTRIES.map((entry) => ({
  ...entry,
  label: FORMAT_NAMES[entry.format],
}));

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
