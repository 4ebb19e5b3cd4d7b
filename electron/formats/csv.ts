// Tables as CSV: UTF-8 without a byte order mark, comma, quotes as in RFC 4180, LF, a header row (formats.md 3.16).
// Role: out and in. Limits: a cell is text, so an empty text comes back as null.
import Papa from 'papaparse';
import { type ExportData, type ExportedFile, textFile } from './data.ts';
import { decodeText, rowError } from './lines.ts';
import type { ReadVideo, SourceFile } from './read.ts';
import { type Cell, eventsOfRows, type Table, tablesOf } from './tables.ts';

/** Rows of any kind as CSV text with a final line end; empty cells for null. */
export function csvText(columns: readonly string[], rows: Iterable<Record<string, Cell>[]>): string {
  const line = (data: Cell[][]) => `${Papa.unparse(data, { newline: '\n' })}\n`;
  const parts = [line([[...columns]])];
  for (const part of rows) {
    if (part.length > 0) parts.push(line(part.map((row) => columns.map((column) => row[column]))));
  }
  return parts.join('');
}

/** Rows of a CSV text and the line each begins in; quoted cells may hold line breaks. */
export function csvRows(file: string, text: string): { line: number; cells: string[] }[] {
  const body = text.replace(/^\uFEFF/, '');
  const newline = /^[^\n]*\r\n/.test(body) ? '\r\n' : '\n';
  const { data, errors } = Papa.parse<string[]>(body, { delimiter: ',', newline });
  let line = 1;
  const rows = data.map((cells) => {
    const row = { line, cells };
    line += 1 + cells.join('').split('\n').length - 1;
    return row;
  });
  if (errors.length > 0) {
    const at = rows[errors[0].row ?? rows.length - 1]?.line ?? line;
    throw rowError(file, at, `not readable as CSV: ${errors[0].message}.`);
  }
  return rows.filter(({ cells }) => cells.length > 1 || cells[0].trim() !== '');
}

function tableFile({ name, columns, parts }: Table): ExportedFile {
  const names = columns.map((column) => column.name);
  return textFile(`${name}.csv`, csvText(names, parts));
}

/** `events.csv`, `segments.csv`, and `audit.csv` for labels that were reviewed. */
export function writeCsv(data: ExportData): ExportedFile[] {
  return tablesOf(data).map(tableFile);
}

/** Reads a table of events with a header row. @throws AppError `bad_input` with file and line. */
export function readEventsCsv({ name, bytes }: SourceFile): ReadVideo[] {
  const [header, ...rows] = csvRows(name, decodeText(name, bytes));
  if (!header) throw rowError(name, 1, 'the file is empty; a table begins with a row of column names.');
  const columns = header.cells.map((cell) => cell.trim());
  const named = rows.map(({ line, cells }) => {
    if (cells.length !== columns.length)
      throw rowError(name, line, `${cells.length} cells under ${columns.length} columns.`);
    return {
      where: `${name}, line ${line}`,
      row: Object.fromEntries(columns.map((column, i) => [column, cells[i]])),
      line,
    };
  });
  const lines = new Map(named.map(({ where, line }) => [where, line]));
  return eventsOfRows(name, named, (where, sentence) => rowError(name, lines.get(where) ?? 1, sentence));
}
