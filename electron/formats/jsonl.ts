// Tables as JSON lines: one object per line, the keys are the columns of the CSV (formats.md 3.16). Role: out and in.
import { z } from 'zod';
import { type ExportData, type ExportedFile, textFile } from './data.ts';
import { decodeText, linesOf, rowError } from './lines.ts';
import type { ReadVideo, SourceFile } from './read.ts';
import { eventsOfRows, type Table, tablesOf } from './tables.ts';

function tableFile({ name, parts }: Table): ExportedFile {
  const lines = parts.map((rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return textFile(`${name}.jsonl`, lines.join(''));
}

/** `events.jsonl`, `segments.jsonl`, and `audit.jsonl` for labels that were reviewed. */
export function writeJsonl(data: ExportData): ExportedFile[] {
  return tablesOf(data).map(tableFile);
}

const record = z.record(z.string(), z.unknown());

/** Reads a table of events. @throws AppError `bad_input` with file and line. */
export function readEventsJsonl({ name, bytes }: SourceFile): ReadVideo[] {
  const rows = linesOf(decodeText(name, bytes)).map(({ number, text }) => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw rowError(name, number, 'this is not JSON. Check that the file is complete.');
    }
    const parsed = record.safeParse(value);
    if (!parsed.success) throw rowError(name, number, 'expected an object with the columns of a row.');
    return { where: `${name}, line ${number}`, row: parsed.data, number };
  });
  const lines = new Map(rows.map(({ where, number }) => [where, number]));
  return eventsOfRows(name, rows, (where, sentence) => rowError(name, lines.get(where) ?? 1, sentence));
}
