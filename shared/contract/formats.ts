// Label formats as both sides of the border name them: which there are, and the conventions a person can choose.
// Role: enumerations and options as schemas. Limits: what a format looks like is electron/formats' part.
import { z } from 'zod';

export const exportFormat = z.enum([
  'csv',
  'jsonl',
  'parquet',
  'frame_npy',
  'gt_npy',
  'c2fpl',
  'pytorch',
  'ucf',
  'ucf_list',
  'rtfm',
  'xd',
  'shanghaitech',
  'ubnormal',
  'msad',
  'webvtt',
  'srt',
  'chapters',
  'losslesscut',
  'label_studio',
  'cvat',
  'cvat_images',
  'dive',
  'viame',
  'via3',
  'elan',
  'fiftyone',
  'activitynet',
  'x_anylabeling',
]);
export type ExportFormat = z.infer<typeof exportFormat>;

/** What can be read: every format that is written, and the intervals of gt_frames.json. */
export const importFormat = z.enum([...exportFormat.exclude(['pytorch']).options, 'gt_frames']);
export type ImportFormat = z.infer<typeof importFormat>;

/** What people call the formats. */
export const FORMAT_NAMES: Readonly<Record<ExportFormat | ImportFormat, string>> = {
  csv: 'Events and segments, CSV',
  jsonl: 'Events and segments, JSONL',
  parquet: 'Events and segments, Parquet',
  pytorch: 'Folder for PyTorch',
  frame_npy: 'Frame labels per video',
  gt_npy: 'Frame labels, concatenated',
  c2fpl: 'Segment labels for C2FPL',
  rtfm: 'RTFM list and frame labels',
  ucf: 'UCF-Crime annotation',
  ucf_list: 'UCF-Crime list of videos',
  xd: 'XD-Violence annotation',
  shanghaitech: 'ShanghaiTech masks',
  ubnormal: 'UBnormal tracks',
  msad: 'MSAD table',
  cvat: 'CVAT for video 1.1',
  cvat_images: 'CVAT for images 1.1',
  label_studio: 'Label Studio timeline',
  dive: 'DIVE',
  viame: 'VIAME',
  via3: 'VIA 3 project',
  elan: 'ELAN',
  fiftyone: 'FiftyOne temporal detections',
  activitynet: 'ActivityNet',
  x_anylabeling: 'X-AnyLabeling',
  webvtt: 'WebVTT',
  srt: 'SubRip',
  chapters: 'Chapters',
  losslesscut: 'LosslessCut',
  gt_frames: 'Frame intervals, JSON',
};

/** How a row of UCF-Crime counts the frames of [s, e): s+1, e / s, e-1 / s, e. */
export const ucfBase = z.enum(['matlab1', 'py_incl', 'py_half']);
/** What becomes of the frames after the last whole segment. */
export const tailPolicy = z.enum(['drop', 'pad_last', 'xd']);

/** Conventions of an export; each belongs to the formats named beside it. */
export const exportOptions = z.object({
  /** ucf */
  ucfBase: ucfBase.default('matlab1'),
  /** ucf: names as published, or as in VadCLIP's copy. */
  ucfExtension: z.enum(['.mp4', '']).default('.mp4'),
  /**
   * ucf, msad: more events in a video than a row holds. `split`: the longest in the standard file and all of them in a
   * second one; `longest`; `append`: further pairs or rows, which is not standard; `refuse`: stop and name the videos.
   */
  overflow: z.enum(['split', 'longest', 'append', 'refuse']).default('split'),
  /** ucf_list: which of the published lists. */
  part: z.enum(['train', 'test']).default('train'),
  /** gt_npy */
  tail: tailPolicy.default('pad_last'),
  /** gt_npy, rtfm: float64 as NumPy and RTFM have it, float32 as XDVioDet. */
  gtType: z.enum(['f8', 'f4']).default('f8'),
  /** xd: a class before each pair. */
  xdClasses: z.boolean().default(false),
  /** ubnormal: as NumPy prints numbers, or for readers that call int(). */
  ubnormalStyle: z.enum(['numpy', 'int']).default('numpy'),
  /** csv, jsonl, parquet: how scores become the probabilities of a column of their own, once enough is reviewed. */
  probabilities: z.enum(['isotonic', 'platt']).default('isotonic'),
  /** Names of videos: their own, or codes, with the key kept in the project. */
  names: z.enum(['own', 'codes']).default('own'),
});
export type ExportOptions = z.infer<typeof exportOptions>;

/** Conventions of files that do not say them themselves. */
export const importOptions = z.object({
  ucfBase: ucfBase.nullable().default(null),
  /** gt_frames: which of several lists. */
  list: z.string().nullable().default(null),
  labelStudioBase: z.enum(['ui', 'ml_backend']).default('ui'),
  xdClasses: z.boolean().default(false),
});
export type ImportOptions = z.infer<typeof importOptions>;
