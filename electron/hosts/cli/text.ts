// Numbers and tables for a terminal. Role: pure text. Limits: no colours, so that output pasted anywhere stays readable.

/** Columns padded to their widest cell; numbers (second argument: their columns) to the right. */
export function table(rows: readonly (readonly string[])[], rightAligned: readonly number[] = []): string {
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  return rows
    .map((row) =>
      row
        .map((cell, c) => (rightAligned.includes(c) ? cell.padStart(widths[c]) : cell.padEnd(widths[c])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** `4,560`. */
export function count(n: number): string {
  return n.toLocaleString('en-US');
}

/** `1 video`, `28 videos`. */
export function counted(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

const BLOCKS = '▁▂▃▄▅▆▇█';

/**
 * Values as a line of blocks, at most `width` long: where values share a place the largest is drawn.
 * @param range what the lowest and the highest block stand for; the range of the values when left out.
 */
export function spark(values: readonly number[], width: number, range?: readonly [number, number]): string {
  const places = Math.min(width, values.length);
  const drawn = Array.from({ length: places }, (_, i) => {
    const [from, to] = [i, i + 1].map((k) => Math.floor((k * values.length) / places));
    return values.slice(from, to).reduce((a, b) => Math.max(a, b));
  });
  const low = range?.[0] ?? drawn.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = range?.[1] ?? drawn.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const last = BLOCKS.length - 1;
  const block = (value: number): string => {
    const share = high > low ? (value - low) / (high - low) : 0;
    return BLOCKS[Math.min(last, Math.max(0, Math.round(share * last)))];
  };
  return drawn.map((value) => (Number.isFinite(value) ? block(value) : ' ')).join('');
}

/** An AUC or similar with four digits; `-` where it does not exist. */
export function ratio(value: number | null): string {
  return value === null ? '-' : value.toFixed(4);
}

/** A path as a word of a command line, quoted when it needs to be. */
export function shellWord(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `"${path.replaceAll(/(["\\$`])/g, '\\$1')}"`;
}

/** Lines of CSV; cells with comma, quote or line break are quoted. */
export function csv(rows: readonly (readonly (string | number | null)[])[]): string {
  const cell = (value: string | number | null): string => {
    const text = value === null ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => `${row.map(cell).join(',')}\n`).join('');
}
