// Tables as JSON lines: one object per line, the keys are the columns of the CSV (formats.md 3.16).
import { type ExportData, type ExportedFile, textFile } from './data.ts';
import { eventsTable, segmentsTable, type Table } from './tables.ts';

function tableFile({ name, rows }: Table, { videos }: ExportData): ExportedFile {
  const lines = videos.map((video) =>
    rows(video)
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(''),
  );
  return textFile(`${name}.jsonl`, lines.join(''));
}

/** `events.jsonl` and `segments.jsonl`. */
export function writeJsonl(data: ExportData): ExportedFile[] {
  return [tableFile(eventsTable(data), data), tableFile(segmentsTable(data), data)];
}
