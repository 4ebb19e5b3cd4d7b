// Boxes as tables: CSV and the like with a header, and MOT's tables without one.
// Role: text in, boxes by video out. Limits: columns are known by their usual names; boxes without an area are left out.
import Papa from 'papaparse';
import { AppError } from '../../../shared/errors.ts';
import type { Detected } from '../../../shared/labels/detections.ts';
import { rowError } from '../../formats/lines.ts';
import type { DetectionContents } from './types.ts';

/** Names of columns, in lower case without anything but letters and digits. */
const COLUMNS = {
  video: ['video', 'videoname', 'videoid', 'clip', 'sequence', 'file', 'filename'],
  frame: ['frame', 'framenumber', 'frameid', 'frameindex', 'frameno'],
  track: ['id', 'trackid', 'track', 'personid', 'objectid'],
  x1: ['x1', 'xmin', 'left', 'bbleft', 'bbtl0'],
  y1: ['y1', 'ymin', 'top', 'bbtop', 'bbtl1'],
  x2: ['x2', 'xmax', 'right', 'bbbr0'],
  y2: ['y2', 'ymax', 'bottom', 'bbbr1'],
  x: ['x'],
  y: ['y'],
  width: ['w', 'width', 'bbwidth'],
  height: ['h', 'height', 'bbheight'],
  confidence: ['conf', 'confidence', 'score', 'probability'],
} as const;
type Column = keyof typeof COLUMNS;

/** MOT Challenge: frame, id, left, top, width, height, confidence, ...; frames count from 1. */
const MOT: readonly Column[] = ['frame', 'track', 'x1', 'y1', 'width', 'height', 'confidence'];
/** Fewest columns of a table without a header. */
const MOT_LEAST = 6;

function columnsOf(header: readonly string[]): Map<Column, number> {
  const found = new Map<Column, number>();
  for (const [i, name] of header.entries()) {
    const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
    const column = (Object.keys(COLUMNS) as Column[]).find((c) =>
      (COLUMNS[c] as readonly string[]).includes(plain),
    );
    if (column !== undefined && !found.has(column)) found.set(column, i);
  }
  return found;
}

const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text));

/** Whether columns give two corners, or a corner with width and height. */
function givesBox(columns: Map<Column, number>): boolean {
  const has = (...names: Column[]): boolean => names.every((name) => columns.has(name));
  return (
    has('frame') &&
    (has('x1', 'y1', 'x2', 'y2') || has('x1', 'y1', 'width', 'height') || has('x', 'y', 'width', 'height'))
  );
}

/**
 * Boxes of a table. A header names the columns (video, frame, x1, y1, x2, y2, conf, also as left, top, width, height, id);
 * a table of numbers alone is read as MOT.
 * @param firstFrame number of the first frame in the file; null: 0, for MOT 1.
 * @throws AppError `bad_input` naming the line that does not fit
 */
export function readBoxTable(text: string, file: string, firstFrame: 0 | 1 | null): DetectionContents {
  const { data } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { skipEmptyLines: 'greedy' });
  const rows = data.map((row) => row.map((cell) => cell.trim()));
  if (rows.length === 0) throw new AppError('bad_input', `${file} is empty.`, { file });
  const isMot = rows[0].length >= MOT_LEAST && rows[0].every(isNumber);
  const columns = isMot ? new Map(MOT.map((name, i) => [name, i] as const)) : columnsOf(rows[0]);
  if (!givesBox(columns)) {
    throw new AppError(
      'bad_input',
      `${file} is no table of boxes: its first line names ${rows[0].slice(0, 12).join(', ')}. It needs the columns frame, x1, y1, x2, y2 (or left, top, width, height), and may have video, id and conf.`,
      { file },
    );
  }
  const offset = firstFrame ?? (isMot ? 1 : 0);
  const videos = new Map<string, Detected[]>();
  let flat = 0;
  for (const [i, row] of rows.entries()) {
    if (i === 0 && !isMot) continue;
    const number = (column: Column, otherwise?: number): number => {
      const at = columns.get(column);
      const cell = at === undefined ? '' : (row[at] ?? '');
      if (cell === '' && otherwise !== undefined) return otherwise;
      if (!isNumber(cell)) throw rowError(file, i + 1, `"${cell}" as ${column} is not a number.`);
      return Number(cell);
    };
    const frame = number('frame') - offset;
    if (!Number.isInteger(frame) || frame < 0) {
      throw rowError(
        file,
        i + 1,
        `frame ${number('frame')} is not a whole number from ${offset} on. Say how the file counts its first frame.`,
      );
    }
    const left = columns.has('x1') ? number('x1') : number('x');
    const top = columns.has('y1') ? number('y1') : number('y');
    const right = columns.has('x2') ? number('x2') : left + number('width');
    const bottom = columns.has('y2') ? number('y2') : top + number('height');
    if (!(right > left && bottom > top)) {
      flat++;
      continue;
    }
    const at = columns.get('video');
    const key = at === undefined ? '' : (row[at] ?? '');
    const objects = videos.get(key) ?? [];
    videos.set(key, objects);
    objects.push({
      frame,
      track: Math.trunc(number('track', -1)),
      values: [left, top, right, bottom, number('confidence', 1)],
    });
  }
  return {
    entries: [...videos].map(([key, objects]) => ({ key, kind: 'boxes', objects })),
    notes: [
      ...(isMot ? [`${file} is read as a MOT table; its frames count from ${offset}.`] : []),
      ...(flat > 0 ? [`${file}: ${flat} boxes have no area and are left out.`] : []),
    ],
  };
}
