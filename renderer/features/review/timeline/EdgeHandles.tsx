// The two edges of a range as sliders: of the marked stretch, or of an event that a person may change.
// Role: drag and arrow keys (a frame, with Shift a segment), on the grid or free; Alt turns the grid off or on meanwhile.
// Limits: the edges themselves are drawn on the canvas; what becomes of them is the caller's.
import { useRef } from 'react';
import { useStore } from 'zustand';
import { type FrameRange, SEGMENT_FRAMES } from '../../../../shared/labels/types.ts';
import { count } from '../../../format.ts';
import { snapping } from '../choices.ts';
import type { EdgeEdit, Session } from '../session.ts';
import { timeText } from '../time.ts';
import type { Row } from './layout.ts';
import { moveEdge } from './snap.ts';
import styles from './Twins.module.css';

export interface EdgeHandlesProps {
  session: Session;
  row: Row;
  edit: EdgeEdit | null;
}

export function EdgeHandles({ session, row, edit }: EdgeHandlesProps) {
  const marked = useStore(session.timeline, (state) => state.marked);
  const draft = useStore(session.timeline, (state) => state.draft);
  const { timeline } = session;
  if (marked) {
    return (
      <Edges
        session={session}
        row={row}
        range={marked}
        of="the marked stretch"
        onMove={(range) => timeline.setState({ marked: range })}
        onDone={() => {}}
      />
    );
  }
  if (!edit) return null;
  return (
    <Edges
      session={session}
      row={row}
      range={draft ?? edit.range}
      of="the selected event"
      onMove={(range) => timeline.setState({ draft: range })}
      onDone={(range) => {
        timeline.setState({ draft: null });
        if (range.start !== edit.range.start || range.end !== edit.range.end) edit.onChange(range);
      }}
    />
  );
}

interface EdgesProps {
  session: Session;
  row: Row;
  range: FrameRange;
  of: string;
  /** While it moves. */
  onMove(range: FrameRange): void;
  /** When it rests. */
  onDone(range: FrameRange): void;
}

function Edges(props: EdgesProps) {
  return (
    <>
      <Edge edge="start" {...props} />
      <Edge edge="end" {...props} />
    </>
  );
}

const KEYS: Record<string, number> = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };

function Edge({ edge, session, row, range, of, onMove, onDone }: EdgesProps & { edge: 'start' | 'end' }) {
  const grip = useRef<{ pointer: number; last: FrameRange } | null>(null);
  const { frames, player, timeline } = session;
  const value = range[edge];
  /** The frame that shows what the edge now takes in. */
  const look = ({ start, end }: FrameRange) => player.seek(edge === 'start' ? start : end - 1);
  return (
    <div
      role="slider"
      tabIndex={0}
      data-handle={edge}
      className={styles.edge}
      style={{ top: row.y, height: row.height, '--at': value }}
      aria-label={`${edge === 'start' ? 'Start' : 'End'} of ${of}`}
      aria-valuemin={0}
      aria-valuemax={frames}
      aria-valuenow={value}
      aria-valuetext={[`Frame ${count(value)}`, timeText(session, value)].filter(Boolean).join(', ')}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        player.shuttle(0);
        grip.current = { pointer: event.pointerId, last: range };
      }}
      onPointerMove={(event) => {
        const body = event.currentTarget.parentElement;
        if (grip.current?.pointer !== event.pointerId || !body) return;
        const box = body.getBoundingClientRect();
        const { view } = timeline.getState();
        const frame = view.from + ((event.clientX - box.left) / box.width) * (view.to - view.from);
        const next = moveEdge(range, edge, frame, frames, snapping.get() !== event.altKey);
        grip.current.last = next;
        onMove(next);
        look(next);
      }}
      onPointerUp={() => {
        if (grip.current) onDone(grip.current.last);
        grip.current = null;
      }}
      onPointerCancel={() => {
        if (grip.current) onDone(grip.current.last);
        grip.current = null;
      }}
      onKeyDown={(event) => {
        const by = KEYS[event.key];
        if (by === undefined || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        event.stopPropagation();
        const snap = snapping.get() !== event.altKey;
        const step = event.shiftKey || snap ? SEGMENT_FRAMES : 1;
        const next = moveEdge(range, edge, value + by * step, frames, snap);
        onMove(next);
        onDone(next);
        look(next);
      }}
    />
  );
}
