// Histograms among the points of a learning curve, so that they are there while a run is still at work.
// Role: their names and points, written by methods and read by the page. Limits: a series that is no histogram has a name
// without the mark.
import type { CurvePoint } from './contract/entities.ts';

const MARK = 'histogram: ';
const BETWEEN = ' | ';

/**
 * A histogram as points: x is the middle of a bin, y its count.
 * @param title what is counted, for example `reconstruction error`
 * @param name of this series; several of one title are shown side by side
 * @param edges `[bins + 1]`, ascending
 */
export function histogramPoints(
  title: string,
  name: string,
  edges: readonly number[],
  counts: readonly number[],
): CurvePoint[] {
  const series = `${MARK}${title}${BETWEEN}${name}`;
  return counts.map((y, i) => ({ series, x: (edges[i] + edges[i + 1]) / 2, y }));
}

/** Title and name of a series that is a histogram, else null. */
export function histogramSeries(series: string): { title: string; name: string } | null {
  if (!series.startsWith(MARK)) return null;
  const [title, name = ''] = series.slice(MARK.length).split(BETWEEN);
  return { title, name };
}
