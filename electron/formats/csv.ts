// Tables as CSV: UTF-8 without a byte order mark, comma, quotes as in RFC 4180, LF, a header row (formats.md 3.16).
import Papa from 'papaparse';
import { type ExportData, type ExportedFile, textFile } from './data.ts';
import { eventsTable, segmentsTable, type Table } from './tables.ts';

/** Rows of any kind as CSV text with a final line end; empty cells for null. */
export function csvText(columns: string[], rows: Iterable<Record<string, string | number | null>[]>): string {
  const line = (data: (string | number | null)[][]) => `${Papa.unparse(data, { newline: '\n' })}\n`;
  const parts = [line([columns])];
  for (const part of rows) {
    if (part.length > 0) parts.push(line(part.map((row) => columns.map((column) => row[column]))));
  }
  return parts.join('');
}

function tableFile({ name, columns, rows }: Table, { videos }: ExportData): ExportedFile {
  return textFile(`${name}.csv`, csvText(columns, videos.map(rows)));
}

/** `events.csv` and `segments.csv`. */
export function writeCsv(data: ExportData): ExportedFile[] {
  return [tableFile(eventsTable(data), data), tableFile(segmentsTable(data), data)];
}
