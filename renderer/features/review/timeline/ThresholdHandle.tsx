// A threshold as a slider: the label at the right end of its line. Role: drag and arrow keys (.01, with Shift .10).
// Limits: the line itself is drawn and dragged on the canvas.
import { type ReactNode, useRef } from 'react';
import { useStore } from 'zustand';
import { cx } from '../../../components/cx.ts';
import { plural, score } from '../../../format.ts';
import type { RuleEditor } from '../rule.ts';
import type { Live, Session } from '../session.ts';
import { useSlow } from '../use-slow.ts';
import { scoreAt } from './gestures.ts';
import type { Row } from './layout.ts';
import styles from './Twins.module.css';

export interface ThresholdHandleProps {
  kind: 'on' | 'off';
  row: Row;
  session: Session;
  rules: RuleEditor;
  live: Live;
  /** What the rule would give, shown while the handle or its line is in use. */
  outlook: ReactNode;
}

const NAMES = { on: 'Threshold on: an event starts', off: 'Threshold off: an event ends' } as const;

export function ThresholdHandle({ kind, row, session, rules, live, outlook }: ThresholdHandleProps) {
  const { timeline } = session;
  const { rule, events } = useSlow(live.store, (now) => now);
  const grip = useRef<{ pointer: number; offset: number } | null>(null);
  const lane = useRef<HTMLDivElement>(null);
  const used = useStore(timeline, (now) => now.held === kind);
  const change = (value: number): void => rules.change({ [kind]: value });

  return (
    <div ref={lane} className={styles.threshold} style={{ top: row.y, height: row.height }}>
      <div
        role="slider"
        tabIndex={0}
        data-handle={kind}
        className={cx(styles.handle, styles[kind])}
        aria-label={NAMES[kind]}
        aria-orientation="vertical"
        aria-valuemin={0}
        aria-valuemax={1}
        aria-valuenow={rule[kind]}
        aria-valuetext={`${score(rule[kind])}, ${plural(events.length, 'event')} in this video`}
        onFocus={() => timeline.setState({ held: kind })}
        onBlur={() => timeline.setState({ held: null })}
        onPointerDown={(event) => {
          if (event.button !== 0 || !lane.current) return;
          const top = lane.current.getBoundingClientRect().top;
          const value = rules.store.getState().rule[kind];
          const line = top + (1 - value) * (row.height - 1);
          grip.current = { pointer: event.pointerId, offset: line - event.clientY };
          event.currentTarget.setPointerCapture(event.pointerId);
          rules.hold(true);
        }}
        onPointerMove={(event) => {
          if (grip.current?.pointer !== event.pointerId || !lane.current) return;
          const top = lane.current.getBoundingClientRect().top;
          change(scoreAt({ y: 0, height: row.height }, event.clientY + grip.current.offset - top));
        }}
        onPointerUp={() => {
          grip.current = null;
          rules.hold(false);
        }}
        onPointerCancel={() => {
          grip.current = null;
          rules.hold(false);
        }}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.altKey || event.metaKey) return;
          const step = event.shiftKey ? 0.1 : 0.01;
          const value = rules.store.getState().rule[kind];
          const next = {
            ArrowUp: value + step,
            ArrowRight: value + step,
            ArrowDown: value - step,
            ArrowLeft: value - step,
            PageUp: value + 0.1,
            PageDown: value - 0.1,
            Home: 0,
            End: 1,
          }[event.key];
          if (next === undefined) return;
          event.preventDefault();
          event.stopPropagation();
          change(Math.round(next * 100) / 100);
        }}
      >
        {kind === 'on' ? 'On' : 'Off'} {score(rule[kind])}
      </div>
      {used && <div className={styles.outlook}>{outlook}</div>}
    </div>
  );
}
