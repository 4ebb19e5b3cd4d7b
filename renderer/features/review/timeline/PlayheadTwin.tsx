// The playhead as a slider for keyboard and screen readers. Role: name and value of the current frame. Limits: left and
// right are the screen's own keys and work here as everywhere; this adds up, down and pages.
import { useEffect, useRef } from 'react';
import { count } from '../../../format.ts';
import type { Session } from '../session.ts';
import { timeText } from '../time.ts';
import { slowly } from '../use-slow.ts';
import styles from './Twins.module.css';

export function PlayheadTwin({ session, height }: { session: Session; height: number }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(
    () =>
      slowly(
        session.player.store,
        ({ frame }) => {
          ref.current?.setAttribute('aria-valuenow', String(frame));
          ref.current?.setAttribute(
            'aria-valuetext',
            [`Frame ${count(frame)} of ${count(session.frames)}`, timeText(session, frame)]
              .filter(Boolean)
              .join(', '),
          );
        },
        ({ speed }) => (speed === 0 ? 0 : 250),
      ),
    [session],
  );
  return (
    <div
      ref={ref}
      role="slider"
      tabIndex={0}
      className={styles.playhead}
      style={{ height }}
      aria-label="Playhead"
      aria-valuemin={0}
      aria-valuemax={session.frames - 1}
      aria-valuenow={0}
      onKeyDown={(event) => {
        const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
        if (by === undefined || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        event.stopPropagation();
        session.player.step(by);
      }}
    />
  );
}
