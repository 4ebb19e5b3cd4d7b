// The rows of the timeline from top to bottom. Role: one list of heights that the canvas, the labels and the DOM twins
// share. Limits: no drawing.

export type RowKind =
  | 'ruler'
  | 'pictures'
  | 'curve'
  | 'labels'
  | 'consensus'
  | 'run'
  | 'uncertainty'
  | 'layer'
  | 'overview';

export interface Row {
  kind: RowKind;
  /** Set for `run`: which other run it shows. */
  runId: number | null;
  /** Set for `layer`: which one it shows. */
  layerId: string | null;
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
  /** What the runs say together. */
  consensus: boolean;
  uncertainty: boolean;
  /** Other runs that have scores for this video, in order, from the first that is shown. */
  runIds: readonly number[];
  layerIds: readonly string[];
}

/** So many other runs have room at once, so that the picture keeps its place; keys and buttons lead to the rest. */
export const MOST_RUNS = 6;

export function layoutOf(input: LayoutInput): Layout {
  const { windowHeight, pictures, labels, consensus, uncertainty, runIds, layerIds } = input;
  const low = windowHeight <= 840;
  const thin = low ? 16 : 18;
  const rows: Row[] = [];
  let y = 0;
  const add = (kind: RowKind, height: number, of: { runId?: number; layerId?: string } = {}): void => {
    rows.push({ kind, runId: of.runId ?? null, layerId: of.layerId ?? null, y, height });
    y += height + 1; // a line between rows
  };
  add('ruler', 20);
  if (pictures) add('pictures', low ? 31 : 35);
  add('curve', low ? 66 : windowHeight >= 1000 ? 120 : 82);
  if (labels) add('labels', thin);
  if (consensus) add('consensus', low ? 24 : 30);
  for (const runId of runIds.slice(0, MOST_RUNS)) add('run', thin, { runId });
  if (uncertainty) add('uncertainty', thin);
  for (const layerId of layerIds) add('layer', thin, { layerId });
  add('overview', low ? 22 : 26);
  return { rows, height: y - 1 };
}

export const rowAt = (layout: Layout, y: number): Row | null =>
  layout.rows.find((row) => y >= row.y && y < row.y + row.height) ?? null;
