// Ground truth from the annotation files of published data sets: UCF-Crime, XD-Violence and MSAD.
// Role: says which format a text is and gives its rows as entries. Limits: XD-Violence and MSAD list anomalous videos
// only, so videos without a line stay without ground truth; which base a UCF-Crime file has, a person must say.
import { AppError } from '../../shared/errors.ts';
import { normalize } from '../../shared/labels/intervals.ts';
import { decodeText, linesOf } from './lines.ts';
import { msadClass, readMsad } from './msad.ts';
import type { TruthEntry } from './truth.ts';
import { readUcfAnnotation, type UcfBase } from './ucf-annotation.ts';
import { readXd, xdClasses } from './xd.ts';

const UCF_BASES: readonly UcfBase[] = ['matlab1', 'py_incl', 'py_half'];
const isBase = (key: string): key is UcfBase => UCF_BASES.some((base) => base === key);

/** Whether rows look like UCF-Crime's: a word between the name and the numbers. */
function looksLikeUcf(text: string): boolean {
  const [first] = linesOf(text);
  return first !== undefined && (/\t|\S {2,}\S/.test(first.text) || !/^\S+(?: \d+ \d+)+ *$/.test(first.text));
}

/**
 * Reads `.txt` (UCF-Crime, XD-Violence) and `.csv` (MSAD).
 * @param key for UCF-Crime its base: `matlab1`, `py_incl` or `py_half`; `xd` for XD-Violence, where names have spaces.
 * @throws AppError `bad_input` with file and line for rows that are none, and for UCF-Crime without a base.
 */
export function readPublishedTruth(name: string, bytes: Uint8Array, key: string | null): TruthEntry[] {
  const text = decodeText(name, bytes);
  if (text.trim() === '') {
    throw new AppError('bad_input', `${name} is empty. Check that it is the whole file.`, { file: name });
  }
  if (/\.csv$/i.test(name)) {
    return readMsad(name, text).map((row) => ({
      key: row.name,
      frames: row.frames,
      intervals: normalize(row.events),
      class: msadClass(row.name),
    }));
  }
  if (key === 'xd' || (key === null && !looksLikeUcf(text))) {
    return readXd(name, text).map((row) => ({
      key: row.name,
      frames: null,
      intervals: normalize(row.events),
      class: (row.classes ?? xdClasses(row.name))?.[0] ?? null,
    }));
  }
  if (key !== null && isBase(key)) {
    return readUcfAnnotation(name, text, key).rows.map((row) => ({
      key: row.name,
      frames: row.frames,
      intervals: normalize(row.events),
      class: row.class,
    }));
  }
  throw new AppError(
    'bad_input',
    `${name} does not say how its frames are counted. Say matlab1 (from 1, both ends included), py_incl (from 0, both included), py_half (from 0, end excluded), or xd for XD-Violence (--gt-key on the command line).`,
    { file: name, choices: [...UCF_BASES, 'xd'] },
  );
}
