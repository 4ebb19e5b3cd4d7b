// Tables as Parquet (formats.md 3.16). Role: the same rows as the CSV with real types and nulls, out and in; the key-value
// metadata say where they come from. Limits: written with Snappy; read with what hyparquet reads without further
// codecs. A file damaged inside a page can keep hyparquet busy without end, because pages carry no checksum that it looks
// at; a damaged end of the file, which is what a broken copy has, is noticed at once.
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { AppError } from '../../shared/errors.ts';
import type { ExportData, ExportedFile } from './data.ts';
import type { ReadVideo, SourceFile } from './read.ts';
import { type Cell, type Column, eventsOfRows, eventsTable, segmentsTable, type Table } from './tables.ts';

function typed({ type }: Column, value: Cell): Cell | bigint {
  return type === 'INT64' && typeof value === 'number' ? BigInt(value) : value;
}

function tableFile({ name, columns, rows }: Table, data: ExportData, facts: object): ExportedFile {
  const all = data.videos.flatMap(rows);
  const buffer = parquetWriteBuffer({
    columnData: columns.map((column) => ({
      name: column.name,
      type: column.type,
      data: all.map((row) => typed(column, row[column.name])),
    })),
    kvMetadata: [{ key: 'zerolabel', value: JSON.stringify(facts) }],
  });
  return {
    name: `${name}.parquet`,
    bytes: new Uint8Array(buffer),
    convention: 'Frames from 0, end excluded; whole numbers are INT64, nulls are real.',
  };
}

/** `events.parquet` and `segments.parquet`; `zerolabel` in their metadata is JSON with app, project, run and rule. */
export function writeParquet(data: ExportData): ExportedFile[] {
  const facts = {
    app_version: data.appVersion,
    project: data.project,
    source: data.source,
    title: data.title,
    run: data.run && { id: data.run.id, name: data.run.name, method: data.run.method, seed: data.run.seed },
    rule: data.rule,
    frames: '0-based, end excluded',
  };
  return [tableFile(eventsTable(data), data, facts), tableFile(segmentsTable(data), data, facts)];
}

/**
 * Reads a table of events.
 * @throws AppError `damaged` for what is no Parquet file, `bad_input` naming file and row.
 */
export async function readEventsParquet({ name, bytes }: SourceFile): Promise<ReadVideo[]> {
  const file = Uint8Array.from(bytes).buffer;
  let objects: Record<string, unknown>[];
  try {
    const metadata = parquetMetadata(file);
    objects = await parquetReadObjects({ file, metadata });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AppError('damaged', `${name} cannot be read as Parquet: ${why}.`, { file: name }, error);
  }
  const rows = objects.map((row, i) => ({ where: `${name}, row ${i + 1}`, row }));
  return eventsOfRows(
    name,
    rows,
    (where, sentence) => new AppError('bad_input', `${where}: ${sentence}`, { file: name }),
  );
}
