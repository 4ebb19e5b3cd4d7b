// JSON files from outside. Role: text to checked values, with sentences that name file, line and place. Limits: the
// schemas are those of the formats.
import type { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { decodeText } from './lines.ts';

/** Line of a position in the text, from 1. */
function lineAt(text: string, position: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < position; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

const STRING = /"(?:[^"\\]|\\.)*"/y;
const SCALAR = /[^\s,\]}]+/y;

/** Walks text that is known to be JSON. */
function walker(text: string) {
  let at = 0;
  const blank = (): void => {
    while (/\s/.test(text[at] ?? '')) at++;
  };
  const token = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += Math.max(1, found.length);
    return found;
  };
  const skip = (): void => {
    blank();
    if (text[at] === '"') token(STRING);
    else if (text[at] !== '{' && text[at] !== '[') token(SCALAR);
    else {
      for (let depth = 0; at < text.length; ) {
        if (text[at] === '"') {
          token(STRING);
          continue;
        }
        if (text[at] === '{' || text[at] === '[') depth++;
        if (text[at] === '}' || text[at] === ']') depth--;
        at++;
        if (depth === 0) return;
      }
    }
  };
  /** Goes to the member or element; false where there is none. */
  const enter = (key: PropertyKey): boolean => {
    blank();
    const open = text[at];
    if (open !== '{' && open !== '[') return false;
    at++;
    for (let index = 0; ; index++) {
      blank();
      if (at >= text.length || text[at] === '}' || text[at] === ']') return false;
      if (open === '{') {
        const name: unknown = JSON.parse(token(STRING));
        blank();
        at++; // the colon
        blank();
        if (name === String(key)) return true;
      } else if (index === Number(key)) return true;
      skip();
      blank();
      if (text[at] === ',') at++;
    }
  };
  return { enter, position: () => at };
}

/** Line on which the value at a path begins, or the nearest part of the path that is there. */
export function lineOfPath(text: string, path: readonly PropertyKey[]): number {
  const { enter, position } = walker(text);
  let at = 0;
  for (const key of path) {
    if (!enter(key)) break;
    at = position();
  }
  return lineAt(text, at);
}

/** A path as people write it: `tasks[2].value.ranges`. */
const placeOf = (path: readonly PropertyKey[]): string =>
  path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i > 0 ? '.' : ''}${String(key)}`)).join('');

/**
 * Reads and checks a JSON file.
 * @param what as the sentence calls a right file: `a FiftyOne labels.json`
 * @throws AppError `damaged` when it is not JSON, `bad_input` when it is something else; both name the line.
 */
export function readJson<T>(file: string, bytes: Uint8Array, schema: z.ZodType<T>, what: string): T {
  const text = decodeText(file, bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const position = /position (\d+)/.exec(String(error))?.[1];
    const line = position === undefined ? lineAt(text, text.length) : lineAt(text, Number(position));
    throw new AppError(
      'damaged',
      `${file}, line ${line}: this is not JSON. Check that the file is complete.`,
      { file, line },
      error,
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const line = lineOfPath(text, issue.path);
  const place = placeOf(issue.path);
  throw new AppError(
    'bad_input',
    `${file}, line ${line}: this is not ${what}${place ? ` (${place})` : ''}: ${issue.message}.`,
    { file, line, place },
  );
}
