// Events of the curve as elements: focus, names and values for what the canvas draws. Role: one tab stop, arrow keys go
// from event to event. Limits: only the visible part of the timeline has elements; the pointer goes to the canvas.
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { ScoredEvent } from '../../../../shared/labels/events.ts';
import { firstEndingAfter } from '../../../canvas/paint.ts';
import { count, score } from '../../../format.ts';
import { eventAt, type Session } from '../session.ts';
import type { Row } from './layout.ts';
import styles from './Twins.module.css';
import { placeIn, useTwins } from './use-twins.ts';
import { walkKeys } from './walk.ts';

/** More than this many at once are too small to be told apart; the list beside has them all. */
const MOST = 120;

export interface EventTwinsProps {
  row: Row;
  session: Session;
  events: readonly ScoredEvent[];
  onSelect(frame: number): void;
}

export function EventTwins({ row, session, events, onSelect }: EventTwinsProps) {
  const anchor = useStore(session.timeline, (state) => state.anchor);
  const list = useRef<HTMLUListElement>(null);
  const view = useTwins(session, list);
  const selected = eventAt(events, anchor)?.index ?? -1;
  const span = view.to - view.from;
  const first = firstEndingAfter(events, view.from - span);
  const shown = events.slice(first, first + MOST).filter((event) => event.start < view.to + span);
  const stop = selected >= first && selected < first + shown.length ? selected : first;

  // Arrow keys move the selection; focus follows once the new element is there.
  useEffect(() => {
    if (selected < 0 || !list.current?.contains(document.activeElement)) return;
    list.current.querySelector<HTMLElement>('[aria-current="true"]')?.focus();
  }, [selected]);

  const go = (index: number): void => {
    const event = events[index];
    if (event) onSelect(event.start);
  };
  return (
    <ul
      ref={list}
      className={styles.events}
      style={{ top: row.y, height: row.height }}
      aria-label="Events of this video"
    >
      {shown.map((event, i) => {
        const index = first + i;
        return (
          <li key={event.start} style={placeIn(view, event.start, event.end)}>
            <button
              type="button"
              tabIndex={index === stop ? 0 : -1}
              aria-current={index === selected}
              aria-label={eventName(event, index, events.length)}
              onClick={() => go(index)}
              onKeyDown={walkKeys(index, events.length, go)}
            />
          </li>
        );
      })}
    </ul>
  );
}

/** `Event 3 of 7, frames 1,328 to 1,472, highest score .92, mean .86`: frames 0-based, the end excluded. */
export const eventName = (event: ScoredEvent, index: number, total: number): string =>
  `Event ${count(index + 1)} of ${count(total)}, frames ${count(event.start)} to ${count(event.end)}, ` +
  `highest score ${score(event.max)}, mean ${score(event.mean)}`;
