// UCF-Crime's video-level lists and the CSV form that VadCLIP trains from (formats.md 3.2).
// Role: which class each video is, `Class/name.mp4` per line or `path,label` per feature file, out and in. Limits: no
// frames; names are compared whole, because training and test normals differ by an underscore only.
import { csvRows, csvText } from './csv.ts';
import { NORMAL, type Written } from './labelled.ts';
import { fitsLine, linesOf, rowError } from './lines.ts';

export interface ClassedVideo {
  /** Without extension. */
  name: string;
  /** `Normal` or a class of anomaly. */
  class: string;
}

export type UcfPart = 'train' | 'test';
const NORMAL_FOLDER: Record<UcfPart, string> = {
  train: 'Training_Normal_Videos_Anomaly',
  test: 'Testing_Normal_Videos_Anomaly',
};

/** Order of the UTF-16 units, as the published lists have their folders: the same on every machine. */
function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * One `Class/name.mp4` per line; folders in alphabetical order, normal videos in a folder of their own, videos within a
 * folder in the given order.
 */
export function writeUcfList(videos: readonly ClassedVideo[], part: UcfPart): Written {
  const notes: string[] = [];
  const rows = videos.flatMap((video) => {
    const folder = video.class === NORMAL ? NORMAL_FOLDER[part] : video.class;
    if (!fitsLine(video.name)) {
      notes.push(
        `UCF-Crime's list has no line for "${video.name}": the name has blanks at an end or breaks.`,
      );
      return [];
    }
    const reserved = video.class !== NORMAL && Object.values(NORMAL_FOLDER).includes(folder);
    if (!fitsLine(folder) || /[\\/]/.test(folder) || reserved) {
      notes.push(`UCF-Crime's list has no folder for the class "${video.class}" of "${video.name}".`);
      return [];
    }
    return [{ folder, line: `${folder}/${video.name}.mp4\n` }];
  });
  rows.sort((a, b) => byText(a.folder, b.folder));
  return { text: rows.map((row) => row.line).join(''), notes };
}

/**
 * Reads a list of either part, LF or CRLF, with or without `.mp4`; a folder is set off by `/` or `\`.
 * @throws AppError `bad_input` with file and line for a line without a folder.
 */
export function readUcfList(file: string, text: string): ClassedVideo[] {
  return linesOf(text).map((line) => {
    const [, folder, name] = /^([^\\/]+)[\\/](.+?)(?:\.mp4)?\s*$/.exec(line.text) ?? [];
    if (!folder || !name)
      throw rowError(file, line.number, 'expected a class, a slash and the name of a video.');
    return { name, class: Object.values(NORMAL_FOLDER).includes(folder) ? NORMAL : folder };
  });
}

export interface FeatureRow {
  /** Path of the feature file of one crop, `folder/name__0.npy`. */
  path: string;
  label: string;
}

/** Header `path,label`, one row per feature file: `crops` rows per video, `<prefix><name>__<crop>.npy`. */
export function writeFeatureCsv(videos: readonly ClassedVideo[], crops: number, prefix = ''): string {
  const rows = videos.map((video) =>
    Array.from({ length: crops }, (_, crop) => ({
      path: `${prefix}${video.name}__${crop}.npy`,
      label: video.class,
    })),
  );
  return csvText(['path', 'label'], rows);
}

/** Reads `path,label` rows. @throws AppError `bad_input` with file and line. */
export function readFeatureCsv(file: string, text: string): FeatureRow[] {
  const [header, ...rows] = csvRows(file, text);
  if (header?.cells.join(',') !== 'path,label') {
    throw rowError(file, header?.line ?? 1, 'expected the header "path,label".');
  }
  return rows.map(({ line, cells }) => {
    if (cells.length !== 2 || cells[0] === '' || cells[1] === '')
      throw rowError(file, line, 'expected a path and a label.');
    return { path: cells[0], label: cells[1] };
  });
}

/** Name of the video and crop of a feature file; null for a path that does not end in `__<crop>.npy`. */
export function cropOfPath(path: string): { name: string; crop: number } | null {
  const [, name, crop] = /^(?:.*[\\/])?(.+)__(\d+)\.npy$/s.exec(path) ?? [];
  return name === undefined ? null : { name, crop: Number(crop) };
}
