// A length of the rule as a slider: a bar from the left end of the curve, as long as the shortest event or the gap.
// Role: drag and arrow keys (a segment, with Shift ten, with Alt a frame), and what the length does here in words.
// Limits: where it does it is drawn on the canvas while `held` names it.
import { type ReactNode, useRef } from 'react';
import { useStore } from 'zustand';
import { SEGMENT_FRAMES } from '../../../../shared/labels/types.ts';
import { cx } from '../../../components/cx.ts';
import { count, duration, plural } from '../../../format.ts';
import type { RuleEditor } from '../rule.ts';
import type { Live, Session } from '../session.ts';
import { secondsTo } from '../time.ts';
import { useSlow } from '../use-slow.ts';
import type { Row } from './layout.ts';
import styles from './Twins.module.css';

export type RuleLength = 'minFrames' | 'gapFrames';

export interface LengthHandleProps {
  kind: RuleLength;
  row: Row;
  session: Session;
  rules: RuleEditor;
  live: Live;
  /** What the rule would give, shown while the handle is in use. */
  outlook: ReactNode;
}

const NAMES = {
  minFrames: 'Minimum length: shorter events are dropped',
  gapFrames: 'Merge gap: events that are closer become one',
} as const;
const SHORT = { minFrames: 'Min', gapFrames: 'Gap' } as const;

/** A length as people read it: `48 frames, 3 segments, 1.9 s`; the time only where frames have one. */
export function lengthText(frames: number, secondsPerFrame: number | null): string {
  const segments = frames / SEGMENT_FRAMES;
  return [
    plural(frames, 'frame'),
    Number.isInteger(segments) ? plural(segments, 'segment') : `${segments.toFixed(1)} segments`,
    secondsPerFrame !== null && duration(frames * secondsPerFrame),
  ]
    .filter(Boolean)
    .join(', ');
}

const doesText = (kind: RuleLength, live: Live): string =>
  kind === 'gapFrames'
    ? `${plural(live.effects().closed.length, 'gap')} closed`
    : `${plural(live.effects().dropped.length, 'event')} dropped`;

/** A length after a move: whole segments, unless single frames are asked for. Frames. */
export function lengthAt(frames: number, single: boolean, most: number): number {
  const step = single ? 1 : SEGMENT_FRAMES;
  return Math.min(Math.max(0, Math.round(frames / step) * step), most);
}

export function LengthHandle({ kind, row, session, rules, live, outlook }: LengthHandleProps) {
  const { timeline, frames } = session;
  const { rule, events } = useSlow(live.store, (now) => now);
  const used = useStore(timeline, (now) => now.held === kind);
  const grip = useRef<{ pointer: number; from: number; at: number } | null>(null);
  const value = rule[kind];
  const most = Math.ceil(frames / SEGMENT_FRAMES) * SEGMENT_FRAMES;
  const change = (next: number): void => rules.change({ [kind]: next });
  const does = used ? doesText(kind, live) : '';
  const length = lengthText(value, session.timed ? secondsTo(session.table, frames) / frames : null);
  const letGo = () => {
    grip.current = null;
    rules.hold(false);
  };
  return (
    <div className={styles.lengths} style={{ top: row.y, height: row.height }}>
      <div
        role="slider"
        tabIndex={0}
        data-handle={kind}
        className={cx(styles.length, styles[kind])}
        aria-label={NAMES[kind]}
        aria-valuemin={0}
        aria-valuemax={most}
        aria-valuenow={value}
        aria-valuetext={`${length}; ${does && `${does}, `}${plural(events.length, 'event')} in this video`}
        onFocus={() => timeline.setState({ held: kind })}
        onBlur={() => timeline.setState({ held: null })}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          grip.current = {
            pointer: event.pointerId,
            from: rules.store.getState().rule[kind],
            at: event.clientX,
          };
          event.currentTarget.setPointerCapture(event.pointerId);
          rules.hold(true);
        }}
        onPointerMove={(event) => {
          const lane = event.currentTarget.parentElement;
          if (grip.current?.pointer !== event.pointerId || !lane) return;
          const { view } = timeline.getState();
          const perPixel = (view.to - view.from) / lane.clientWidth;
          const wish = grip.current.from + (event.clientX - grip.current.at) * perPixel;
          change(lengthAt(wish, event.altKey, most));
        }}
        onPointerUp={letGo}
        onPointerCancel={letGo}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey) return;
          const step = event.altKey ? 1 : event.shiftKey ? 10 * SEGMENT_FRAMES : SEGMENT_FRAMES;
          const now = rules.store.getState().rule[kind];
          const next = {
            ArrowUp: now + step,
            ArrowRight: now + step,
            ArrowDown: now - step,
            ArrowLeft: now - step,
            PageUp: now + 10 * SEGMENT_FRAMES,
            PageDown: now - 10 * SEGMENT_FRAMES,
            Home: 0,
          }[event.key];
          if (next === undefined) return;
          event.preventDefault();
          event.stopPropagation();
          change(lengthAt(next, event.altKey, most));
        }}
      >
        <i aria-hidden="true" />
        <span>
          {SHORT[kind]} {count(value)}
        </span>
      </div>
      {used && (
        <div className={styles.lengthOutlook} data-testid="length-readout">
          <b>{length}</b>
          <span>
            {does}, {plural(events.length, 'event')} in this video
          </span>
          {outlook}
        </div>
      )}
    </div>
  );
}
