// Which format a file has, by its name and the first of what is in it. Role: one answer or none. Limits: a guess for
// choosing a reader; the reader checks everything.
import type { ImportFormat } from '../../shared/contract/formats.ts';
import { linesOf, wholeNumber } from './lines.ts';
import { decimal, type SourceFile } from './read.ts';

const BY_EXTENSION: Record<string, ImportFormat> = {
  vtt: 'webvtt',
  srt: 'srt',
  ffmetadata: 'chapters',
  eaf: 'elan',
  parquet: 'parquet',
  jsonl: 'jsonl',
};

const has = (value: unknown, ...keys: string[]): boolean =>
  typeof value === 'object' && value !== null && keys.every((key) => key in value);

function ofJson(text: string): ImportFormat | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (Array.isArray(value)) return value.length === 0 || has(value[0], 'data') ? 'label_studio' : null;
  if (has(value, 'database') || has(value, 'results')) return 'activitynet';
  if (has(value, 'metadata', 'view', 'file')) return 'via3';
  if (has(value, 'tracks')) return 'dive';
  if (has(value, 'segments')) return 'x_anylabeling';
  if (has(value, 'labels')) return 'fiftyone';
  return has(value, 'videos') ? 'gt_frames' : null;
}

function ofCsv(text: string): ImportFormat | null {
  const [first] = linesOf(text);
  if (!first) return 'losslesscut'; // ours is empty for a video without events
  if (first.text.startsWith('#')) return 'viame';
  const cells = first.text.split(',').map((cell) => cell.replaceAll('"', '').trim());
  const titles = cells.map((cell) => cell.toLowerCase());
  if (titles[0] === 'name' && titles.includes('total frames')) return 'msad';
  if (titles[0] === 'seq' || titles.includes('seg') || titles.includes('start_offset')) return null; // segments, or the index of a vector
  if (titles.some((title) => /^(start|first)(_frame|_s|_seconds|_time)?$/.test(title))) return 'csv';
  if (cells.length >= 9 && wholeNumber(cells[2]) !== null) return 'viame';
  return cells.length >= 2 && [cells[0], cells[1]].every((cell) => cell === '' || decimal(cell) !== null)
    ? 'losslesscut'
    : null;
}

function ofXml(text: string): ImportFormat | null {
  if (!/<annotations[\s>]/.test(text)) return null;
  if (/<track[\s>]/.test(text)) return 'cvat';
  return /<image[\s>]|<mode>annotation</.test(text) ? 'cvat_images' : 'cvat';
}

function ofText(name: string, text: string, files: readonly SourceFile[]): ImportFormat | null {
  const base = name.replace(/^.*\//, '');
  if (/_tracks\.txt$|^ground_truth_frame_level\.txt$|_video_names\.txt$/i.test(base)) return 'ubnormal';
  if (/^sh_\w+\.txt$/i.test(base)) return 'shanghaitech';
  if (base === 'videos.txt' && files.some((file) => /(^|\/)nalist\.npy$/.test(file.name))) return 'c2fpl';
  const [first] = linesOf(text);
  if (!first || base === 'not-written.txt') return null;
  if (text.startsWith(';FFMETADATA')) return 'chapters';
  if (/^[^\\/]+[\\/][^\\/]+\.mp4\s*$/i.test(first.text)) return 'ucf_list';
  if (/\t|\S {2,}\S/.test(first.text)) return 'ucf';
  if (/^[^\\/]+[\\/][^\\/]+$/.test(first.text.trim()) && !/ \d+ \d+ *$/.test(first.text)) return 'ucf_list';
  if (/^\S.*?(?: \d+ \d+)+ *$/.test(first.text))
    return /\S (-1|\d+)( (-1|\d+)){3,}$/.test(first.text) && / [A-Z]\w+ /.test(first.text) ? 'ucf' : 'xd';
  return null;
}

function ofArray(name: string, files: readonly SourceFile[]): ImportFormat | null {
  const folder = name.replace(/[^/]*$/, '');
  const beside = (pattern: RegExp) =>
    files.some((file) => file.name.startsWith(folder) && pattern.test(file.name));
  const base = name.slice(folder.length);
  if (/^(labels|nalist|soft_labels|uncertainty)\.npy$/.test(base) && beside(/nalist\.npy$/)) return 'c2fpl';
  if (/^gt([-_].*)?\.npy$/.test(base)) return beside(/\.list$/) ? 'rtfm' : 'gt_npy';
  return /(^|\/)test_frame_mask\//.test(name) ? 'shanghaitech' : 'frame_npy';
}

/** Whether a file is the manifest of an export of ours. */
export const isManifest = ({ name }: SourceFile): boolean => /(^|\/)manifest\.json$/.test(name);

/**
 * The format of a file; null for what is no labels at all, or belongs to other files.
 * @param files all that were chosen with it
 */
export function sniff({ name, bytes }: SourceFile, files: readonly SourceFile[]): ImportFormat | null {
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1].toLowerCase() ?? '';
  const known = BY_EXTENSION[extension];
  if (known) return /(^|\/)(segments|audit)\.(jsonl|parquet)$/.test(name) ? null : known;
  const text = () => new TextDecoder().decode(bytes).replace(/^\uFEFF/, '');
  if (extension === 'json') return ofJson(text());
  if (extension === 'xml') return ofXml(text());
  if (extension === 'csv') {
    if (/(^|\/)gt_index\.csv$/.test(name)) {
      const folder = name.replace(/[^/]*$/, '');
      return files.some((file) => file.name.startsWith(folder) && file.name.endsWith('.list'))
        ? 'rtfm'
        : 'gt_npy';
    }
    return ofCsv(text());
  }
  if (extension === 'npy') return ofArray(name, files);
  return extension === 'txt' ? ofText(name, text(), files) : null;
}
