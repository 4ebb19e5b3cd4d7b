// Tables as Parquet (formats.md 3.16). Role: the same rows as the CSV with real types and nulls, out and in; the key-value
// metadata say where they come from. Limits: written with Snappy; read uncompressed or with Snappy,
// Gzip, Brotli or Zstandard, and only when the headers of all pages fit together, because it trusts their sizes. Runs inside a page are not
// checked: a file damaged there can keep hyparquet busy for very long, so files from outside are read in a process of
// their own (electron/tasks/labels.ts).
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { type Compressors, type FileMetaData, parquetMetadata, parquetReadObjects } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { AppError } from '../../shared/errors.ts';
import type { ExportData, ExportedFile } from './data.ts';
import type { ReadVideo, SourceFile } from './read.ts';
import { type Cell, type Column, eventsOfRows, type Table, tablesOf } from './tables.ts';

function typed({ type }: Column, value: Cell): Cell | bigint {
  return type === 'INT64' && typeof value === 'number' ? BigInt(value) : value;
}

function tableFile({ name, columns, parts }: Table, facts: object): ExportedFile {
  const all = parts.flat();
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

/** `events.parquet`, `segments.parquet`, and `audit.parquet` for labels that were reviewed; `zerolabel` in their metadata is JSON with app, project, run and rules. */
export function writeParquet(data: ExportData): ExportedFile[] {
  const own = data.videos.flatMap(({ id, rule }) => (rule ? [{ video_id: id, rule }] : []));
  const facts = {
    app_version: data.appVersion,
    project: data.project,
    source: data.source,
    title: data.title,
    run: data.run && { id: data.run.id, name: data.run.name, method: data.run.method, seed: data.run.seed },
    rule: data.rule,
    ...(own.length > 0 && { own_rules: own }),
    frames: '0-based, end excluded',
  };
  return tablesOf(data).map((table) => tableFile(table, facts));
}

/** More than any table of events or pages of one has; what claims more is damaged. */
const MOST_ROWS = 10_000_000;
const MOST_PAGE_BYTES = 2 ** 28;

/** Snappy is hyparquet's own. A page never becomes larger than its header says. */
const COMPRESSORS: Compressors = {
  GZIP: (bytes, size) => gunzipSync(bytes, { maxOutputLength: size }),
  BROTLI: (bytes, size) => brotliDecompressSync(bytes, { maxOutputLength: size }),
  ZSTD: (bytes, size) => zstdDecompressSync(bytes, { maxOutputLength: size }),
};

/**
 * Walks the headers of all pages: each is to lie inside its column, and together they are to hold all rows.
 * @throws Error saying what does not fit
 */
function checkPages(file: ArrayBuffer, { row_groups: groups, num_rows: total }: FileMetaData): void {
  const whole = (value: unknown, most: number): number => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < 0 || number > most)
      throw new Error('a size in it is impossible');
    return number;
  };
  let rows = 0;
  for (const { columns, num_rows: own } of groups) {
    const groupRows = whole(own, MOST_ROWS);
    rows += groupRows;
    for (const { meta_data: column } of columns) {
      if (!column) throw new Error('a column has no description');
      const first = [column.dictionary_page_offset, column.data_page_offset].flatMap((offset) =>
        offset ? [whole(offset, file.byteLength)] : [],
      );
      const start = Math.min(...first, file.byteLength);
      const length = whole(column.total_compressed_size, file.byteLength - start);
      const reader = { view: new DataView(file, start, length), offset: 0 };
      let values = 0;
      while (reader.offset < length - 1) {
        const header = parquetHeader(reader);
        whole(header.uncompressed_page_size, MOST_PAGE_BYTES);
        reader.offset += whole(header.compressed_page_size, length - reader.offset);
        const { num_values: held } = header.data_page_header ??
          header.data_page_header_v2 ?? { num_values: 0 };
        values += whole(held, groupRows);
        whole(header.dictionary_page_header?.num_values ?? 0, MOST_ROWS);
      }
      if (values !== groupRows) throw new Error('a column has another number of rows than the table');
    }
  }
  if (rows !== whole(total, MOST_ROWS))
    throw new Error('its parts have another number of rows than the table');
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
    checkPages(file, metadata);
    objects = await parquetReadObjects({ file, metadata, compressors: COMPRESSORS });
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
