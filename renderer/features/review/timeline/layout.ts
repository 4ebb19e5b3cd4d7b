// The rows of the timeline from top to bottom. Role: one list of heights that the canvas, the labels and the DOM twins
// share. Limits: no drawing.

export type RowKind = 'ruler' | 'pictures' | 'curve' | 'labels' | 'run' | 'truth' | 'overview';

export interface Row {
  kind: RowKind;
  /** Set for `run`: which other run it shows. */
  runId: number | null;
  y: number;
  height: number;
}

export interface Layout {
  rows: Row[];
  height: number;
}

export interface LayoutInput {
  /** Height of the window in CSS pixels: low windows get thinner rows, tall ones a taller curve. */
  windowHeight: number;
  pictures: boolean;
  labels: boolean;
  /** Other runs that have scores for this video, in order. */
  runIds: readonly number[];
  truth: boolean;
}

/** At this many other runs the rest is left out, so that the picture keeps its place. */
export const MOST_RUNS = 6;

export function layoutOf({ windowHeight, pictures, labels, runIds, truth }: LayoutInput): Layout {
  const low = windowHeight <= 840;
  const thin = low ? 16 : 18;
  const rows: Row[] = [];
  let y = 0;
  const add = (kind: RowKind, height: number, runId: number | null = null): void => {
    rows.push({ kind, runId, y, height });
    y += height + 1; // a line between rows
  };
  add('ruler', 20);
  if (pictures) add('pictures', low ? 31 : 35);
  add('curve', low ? 66 : windowHeight >= 1000 ? 120 : 82);
  if (labels) add('labels', thin);
  for (const runId of runIds.slice(0, MOST_RUNS)) add('run', thin, runId);
  if (truth) add('truth', thin);
  add('overview', low ? 22 : 26);
  return { rows, height: y - 1 };
}

export const rowAt = (layout: Layout, y: number): Row | null =>
  layout.rows.find((row) => y >= row.y && y < row.y + row.height) ?? null;
