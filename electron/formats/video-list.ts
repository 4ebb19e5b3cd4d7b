// Lists of videos with one label each: what weak supervision starts from (methods.md 1.7, 4).
// Role: `name 0|1` in its usual spellings, and the lists of UCF-Crime, XD-Violence, RTFM and ShanghaiTech, whose names say
// what is normal. Limits: no frames; which video a name means is the caller's part.
import { AppError } from '../../shared/errors.ts';
import { type Line, linesOf, rowError } from './lines.ts';
import { clipLabel } from './shanghaitech.ts';
import { xdClasses } from './xd.ts';

export interface ListedVideo {
  /** As the list has it, with `/`, without the extension. */
  name: string;
  /** 1 = anomalous somewhere. */
  label: 0 | 1;
}

/** Words that a label column may hold. */
const WORDS: Readonly<Record<string, 0 | 1>> = { '0': 0, '1': 1, normal: 0, anomalous: 1, abnormal: 1 };
const HEADER = /^"?(video|name|file|path|clip)\w*"?\s*[,;\t ]\s*"?label"?/i;

/** Suffixes that feature files put behind the name of their video: `_i3d`, and the crop of it. */
const FEATURE_TAIL = /(?:_i3d|__\d+)+$/i;

const nameOf = (path: string): string =>
  path
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .replaceAll('\\', '/')
    .replace(/\.(npy|txt|mp4|avi|mkv|mov|webm)$/i, '')
    .replace(FEATURE_TAIL, '');

/** `name label`, `name,label` and `name,label,frames`; null for a line without a label of its own. */
function labelled({ text }: Line): ListedVideo | null {
  const [, name, word] = /^(.+?)\s*[,;\t ]\s*"?([A-Za-z]+|[01])"?(?:\s*,\s*-?\d+)?\s*$/.exec(text) ?? [];
  const label = word === undefined ? undefined : WORDS[word.toLowerCase()];
  return name === undefined || label === undefined ? null : { name: nameOf(name), label };
}

/** `name.mp4  Class  165  240  -1  -1`, as UCF-Crime's temporal annotation: the class tells. */
function annotated({ text }: Line): ListedVideo | null {
  const [, name, kind] = /^(.+?)\s+([A-Za-z]+)(?:\s+-?\d+){4,}\s*$/.exec(text) ?? [];
  return name && kind ? { name: nameOf(name), label: kind === 'Normal' ? 0 : 1 } : null;
}

/** What the name alone says: `Normal` in it, XD-Violence's codes, ShanghaiTech's digits; null: nothing. */
function named(name: string): 0 | 1 | null {
  const last = name.slice(name.lastIndexOf('/') + 1);
  const xd = xdClasses(last);
  if (xd) return xd.includes('normal') ? 0 : 1;
  const clip = clipLabel(last);
  if (clip !== null) return clip ? 1 : 0;
  return /normal(?!ly)/i.test(name.replaceAll(/abnormal/gi, '')) ? 0 : null;
}

/**
 * Reads a list. Every line has a label of its own, or none has one and the names tell: where some names say `Normal`, the
 * others are anomalous. A video may come several times (one line per crop) as long as its label is the same.
 * @param file how errors call it
 * @returns in the order of the list, each name once
 * @throws AppError `bad_input` naming the line that does not fit, or where neither labels nor names tell anything
 */
export function readVideoList(file: string, text: string): ListedVideo[] {
  const all = linesOf(text);
  const lines = all[0] && HEADER.test(all[0].text) ? all.slice(1) : all;
  if (lines.length === 0) {
    throw new AppError('bad_input', `${file} is empty. It takes one video per line, with 0 or 1 behind it.`, {
      file,
    });
  }
  const own = labelled(lines[0]) !== null ? labelled : annotated(lines[0]) !== null ? annotated : null;
  const rows = own
    ? lines.map((line) => {
        const row = own(line);
        if (row === null || row.name === '')
          throw rowError(
            file,
            line.number,
            'expected the name of a video and 0 (normal) or 1 (anomalous), as in the first line.',
          );
        return row;
      })
    : fromNames(file, lines);
  const seen = new Map<string, 0 | 1>();
  return rows.filter(({ name, label }, i) => {
    const before = seen.get(name);
    if (before !== undefined && before !== label)
      throw rowError(file, lines[i].number, `"${name}" is ${label} here and ${before} above.`);
    seen.set(name, label);
    return before === undefined;
  });
}

function fromNames(file: string, lines: readonly Line[]): ListedVideo[] {
  const rows = lines.map((line) => {
    const name = nameOf(line.text);
    return { name, label: named(name) };
  });
  if (rows.every(({ label }) => label === null)) {
    throw new AppError(
      'bad_input',
      `${file} says of no video whether it is anomalous: no line ends in 0 or 1, and no name says "Normal". Write one video per line, with 0 (normal) or 1 (anomalous) behind it.`,
      { file },
    );
  }
  return rows.map(({ name, label }) => ({ name, label: label ?? 1 }));
}
