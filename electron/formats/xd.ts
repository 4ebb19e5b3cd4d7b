// XD-Violence's annotations.txt (formats.md 3.4, methods.md 5.4).
// Role: `name s1 e1 s2 e2 ...`, one line per anomalous video, and its variant with a class before each pair, out and in.
// Limits: frames 0-based, end excluded; videos without events have no line.
import type { FrameRange } from '../../shared/labels/types.ts';
import { type LabelledVideo, requireLabels, type Written } from './labelled.ts';
import { fitsLine, linesOf, rowError, someOf, wholeNumber } from './lines.ts';

const CODES: Record<string, string> = {
  A: 'normal',
  B1: 'fighting',
  B2: 'shooting',
  B4: 'riot',
  B5: 'abuse',
  B6: 'car accident',
  G: 'explosion',
};

/** Classes in a name, `..._label_B1-G-0` = fighting and explosion; null when the name holds none. */
export function xdClasses(name: string): string[] | null {
  const codes = /_label_([A-Z0-9]+(?:-[A-Z0-9]+)*)$/.exec(name)?.[1].split('-');
  const classes = codes?.filter((code) => code !== '0').map((code) => CODES[code]);
  return classes?.length && classes.every((name) => name !== undefined) ? classes : null;
}

export interface XdRow {
  name: string;
  /** In the order of the line. */
  events: FrameRange[];
  /** One per event in the variant with classes, else null. */
  classes: string[] | null;
}

/** Why a line cannot say this, or null when it can. */
function obstacle(video: LabelledVideo, withClass: boolean): string | null {
  if (!fitsLine(video.name)) return 'its name has blanks at an end or inside that are not spaces';
  if (video.name.endsWith('.mp4')) return 'its name ends in .mp4, which readers remove';
  if (wholeNumber(video.name.split(' ').at(-1) ?? '') !== null && video.name.includes(' '))
    return 'its name ends in a number after a space';
  if (withClass && (!/^\S+$/.test(video.class) || wholeNumber(video.class) !== null))
    return `its class "${video.class}" is not one word`;
  return null;
}

/**
 * Lines for the videos with events, joined by LF, no final line feed. With `withClass` each pair has the class before it.
 * @returns the text, with sentences for videos that the format cannot name and for those it leaves out.
 */
export function writeXd(videos: readonly LabelledVideo[], withClass = false): Written {
  requireLabels(videos);
  const notes: string[] = [];
  const spaced: string[] = [];
  const lines = videos.flatMap((video) => {
    if (video.events.length === 0) return [];
    const reason = obstacle(video, withClass);
    if (reason !== null) {
      notes.push(`XD-Violence's format has no line for "${video.name}": ${reason}.`);
      return [];
    }
    if (video.name.includes(' ')) spaced.push(video.name);
    const pairs = video.events.flatMap(({ start, end }) => [...(withClass ? [video.class] : []), start, end]);
    return [[video.name, ...pairs].join(' ')];
  });
  const normal = videos.filter((video) => video.events.length === 0).length;
  if (normal > 0) {
    notes.push(`XD-Violence's format lists anomalous videos only; without events and not in it: ${normal}.`);
  }
  if (spaced.length > 0) {
    notes.push(
      `XD-Violence's own scripts end a name at its first space; rename for them: ${someOf(spaced)}.`,
    );
  }
  return { text: lines.join('\n'), notes };
}

/** Takes pairs, or a class and a pair, from the right for as long as there are any; what is left is the name. */
function pairsOf(parts: string[], withClass: boolean) {
  const events: [number, number][] = [];
  const classes: string[] = [];
  let rest = parts.length;
  const step = withClass ? 3 : 2;
  while (rest > step) {
    const [start, end] = [wholeNumber(parts[rest - 2]), wholeNumber(parts[rest - 1])];
    if (start === null || end === null || (withClass && wholeNumber(parts[rest - 3]) !== null)) break;
    events.unshift([start, end]);
    if (withClass) classes.unshift(parts[rest - 3]);
    rest -= step;
  }
  return { name: parts.slice(0, rest), events, classes };
}

/**
 * Reads lines with LF or CRLF; the name is everything before the pairs, `.mp4` at its end is removed.
 * @param withClass the variant `name C s e C s e ...`.
 * @throws AppError `bad_input` with file and line for a line that is not one.
 */
export function readXd(file: string, text: string, withClass = false): XdRow[] {
  const seen = new Set<string>();
  return linesOf(text).map((line) => {
    const { name: words, events, classes } = pairsOf(line.text.replace(/ +$/, '').split(' '), withClass);
    const name = words.join(' ').replace(/\.mp4$/, '');
    const dangling = words.length > 1 && wholeNumber(words[words.length - 1]) !== null;
    if (name === '' || events.length === 0 || dangling) {
      const pair = withClass ? 'class, start and end' : 'start and end';
      throw rowError(file, line.number, `expected a name and then ${pair} of each event.`);
    }
    for (const [start, end] of events) {
      if (start >= 0 && end > start) continue;
      throw rowError(file, line.number, `${start} to ${end} is no range of frames; the end is excluded.`);
    }
    if (seen.has(name)) throw rowError(file, line.number, `"${name}" has a line already.`);
    seen.add(name);
    return {
      name,
      events: events.map(([start, end]) => ({ start, end })),
      classes: withClass ? classes : null,
    };
  });
}
