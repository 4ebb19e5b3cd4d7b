// Layers of labels on the timeline: what people, rules or files say beside the machine's own events.
// Role: one shape that canvas, labels and screen readers share, whoever the layer is from. Limits: data only; forms and
// colours are drawn by canvas/paint-layer.ts.
import type { FrameRange } from '../../../../shared/labels/types.ts';
import type { Block, BlockTone } from '../../../canvas/paint-layer.ts';

export interface LayerItem extends Omit<Block, 'tone'> {
  /** The layer's own when left out. */
  tone?: BlockTone;
  /** The person's row it stands for, where it can be selected. */
  rowId?: number;
  /** For screen readers, without the frames: "Accepted, bicycle". */
  name: string;
}

export interface Layer {
  /** Also the name under which the lane is hidden. */
  id: string;
  /** Name of the lane. */
  label: string;
  tone: BlockTone;
  /** Ascending by start; may overlap. */
  items: readonly LayerItem[];
  /** At the right end of the name: a count, or a word. */
  note?: string;
}

/**
 * The person's row at a frame: of those that overlap the one drawn last, which lies on top. Null for none.
 * @param reach frames to both sides of its middle at which a block narrower than that is met as well
 */
export function rowIdAt(items: readonly LayerItem[], frame: number, reach: number): number | null {
  const met = ({ start, end }: LayerItem): boolean => {
    const more = Math.max(0, reach - (end - start) / 2);
    return start - more <= frame && frame < end + more;
  };
  return items.findLast((item) => item.rowId !== undefined && met(item))?.rowId ?? null;
}

/** What the canvas draws of a layer. */
export const blocksOf = ({ items, tone }: Layer): Block[] => items.map((item) => ({ tone, ...item }));

/** Ground truth as a layer: outlines in ink. */
export const truthLayer = (ranges: readonly FrameRange[]): Layer => ({
  id: 'truth',
  label: ranges.length === 0 ? 'Truth: normal' : 'Ground truth',
  tone: 'truth',
  items: ranges.map(({ start, end }) => ({ start, end, form: 'outline', text: '', name: 'Ground truth' })),
});
