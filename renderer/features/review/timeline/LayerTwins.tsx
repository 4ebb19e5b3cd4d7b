// Blocks of a layer as elements: focus, names and a way there for what the canvas draws. Role: one tab stop per lane,
// arrow keys go from block to block. Limits: only the visible part has elements; the pointer goes to the canvas.
import { useRef, useState } from 'react';
import { count } from '../../../format.ts';
import type { Session } from '../session.ts';
import type { Layer } from './layers.ts';
import type { Row } from './layout.ts';
import styles from './Twins.module.css';
import { placeIn, useTwins } from './use-twins.ts';
import { walkKeys } from './walk.ts';

const MOST = 120;

export interface LayerTwinsProps {
  row: Row;
  session: Session;
  layer: Layer;
  /** The person's row that is selected, null for none. */
  selectedRow: number | null;
  onSelect(frame: number): void;
  /** Goes to a person's row and selects it. */
  onChoose(rowId: number): void;
}

export function LayerTwins({ row, session, layer, selectedRow, onSelect, onChoose }: LayerTwinsProps) {
  const list = useRef<HTMLUListElement>(null);
  const view = useTwins(session, list);
  const [current, setCurrent] = useState(0);
  const { items, label } = layer;
  const span = view.to - view.from;
  const shown = items
    .map((item, index) => ({ item, index }))
    .filter(({ item }) => item.end > view.from - span && item.start < view.to + span)
    .slice(0, MOST);
  const stop = shown.some(({ index }) => index === current) ? current : (shown[0]?.index ?? -1);

  const go = (index: number): void => {
    const item = items[index];
    if (!item) return;
    setCurrent(index);
    if (item.rowId === undefined) onSelect(item.start);
    else onChoose(item.rowId);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus());
  };
  return (
    <ul ref={list} className={styles.events} style={{ top: row.y, height: row.height }} aria-label={label}>
      {shown.map(({ item, index }) => (
        <li key={`${item.start}-${item.end}-${item.name}`} style={placeIn(view, item.start, item.end)}>
          <button
            type="button"
            data-index={index}
            tabIndex={index === stop ? 0 : -1}
            aria-current={selectedRow !== null && item.rowId === selectedRow}
            aria-label={`${item.name}, ${count(index + 1)} of ${count(items.length)}, frames ${count(item.start)} to ${count(item.end)}`}
            onClick={() => go(index)}
            onKeyDown={walkKeys(index, items.length, go)}
          />
        </li>
      ))}
    </ul>
  );
}
