// How numbers, times and sizes are written, everywhere in the page. Role: plain functions from value to text.
// Limits: English, half-open frames as they are stored; no DOM.

const GROUPED = new Intl.NumberFormat('en');

/** `1,382` */
export const count = (n: number): string => GROUPED.format(n);

/** `1 video`, `12 videos`. */
export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`;

/** A score in [0, 1] with two digits and no leading zero: `.86`, `1.00`; values outside keep their size. */
export function score(value: number): string {
  return value.toFixed(2).replace(/^(-?)0\./, '$1.');
}

/** A measured number in at most `digits` significant digits: `.217`, `5e-4`, `12,300`. */
export function measure(value: number, digits = 3): string {
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-3 || size >= 1e7))
    return value
      .toExponential(digits - 1)
      .replace(/\.?0+e/, 'e')
      .replace('e+', 'e');
  const text = new Intl.NumberFormat('en', { maximumSignificantDigits: digits }).format(value);
  return text.replace(/^(-?)0\./, '$1.');
}

/** Length as a clock: `0:42`, `2:18`, `1:00:02`. */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Length in words: `30 ms`, `48 s`, `1 min 20 s`, `2 h 5 min`, `61 h`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (whole < 60) return seconds < 10 ? `${Number(seconds.toFixed(1))} s` : `${whole} s`;
  if (whole < 3600)
    return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const hours = Math.floor(whole / 3600);
  const minutes = Math.round((whole % 3600) / 60);
  return hours >= 24 || minutes === 0 ? `${count(Math.round(whole / 3600))} h` : `${hours} h ${minutes} min`;
}

/** Time left, rounded to what one can know: `about 20 s left`, `about 3 min left`. */
export function left(seconds: number): string {
  if (seconds < 5) return 'a few seconds left';
  if (seconds < 60) return `about ${Math.ceil(seconds / 5) * 5} s left`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min left`;
  return `about ${Number((seconds / 3600).toFixed(1))} h left`;
}

/** `812 B`, `3.1 MB`, `184 GB` (powers of 1000, as disks are sold). */
export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = n;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : Number(value.toPrecision(2))} ${units[unit]}`;
}

/** Whole percent of done in total, never above 100 and 100 only when it is done. */
export function percent(done: number, total: number): number {
  if (total <= 0) return 0;
  return done >= total ? 100 : Math.min(99, Math.floor((100 * done) / total));
}

/** `Today, 09:41`, `9 Sep, 16:02`, `9 Sep 2025`. */
export function when(ms: number, now = Date.now()): string {
  const [date, today] = [new Date(ms), new Date(now)];
  const time = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (date.toDateString() === today.toDateString()) return `Today, ${time}`;
  const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  return date.getFullYear() === today.getFullYear() ? `${day}, ${time}` : `${day} ${date.getFullYear()}`;
}

/** Frames per second from its fraction: `25`, `29.97`. */
export const fps = (num: number, den: number): string => String(Number((num / Math.max(1, den)).toFixed(2)));

/** The last part of a path with `/`. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Names by path: without folders, or with the last one where two paths have the same name: `test/01.mp4`. */
export function tellingNames(paths: readonly string[]): ReadonlyMap<string, string> {
  const same = Map.groupBy(paths, baseName);
  return new Map(
    paths.map((path) => [
      path,
      (same.get(baseName(path))?.length ?? 0) > 1 ? path.split('/').slice(-2).join('/') : baseName(path),
    ]),
  );
}
