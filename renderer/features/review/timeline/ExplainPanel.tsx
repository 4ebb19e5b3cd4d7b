// Why the runs together say what they say. Role: which of them fired in an event, when, at which score against their
// threshold, and how much each counts; a press goes to where one fired. Limits: what is said is the engine's.
import type { RefObject } from 'react';
import { Popover as AriaPopover, Dialog } from 'react-aria-components';
import type { RunVoice } from '../../../../shared/contract/index.ts';
import { segmentOfFrame } from '../../../../shared/labels/segments.ts';
import type { FrameRange } from '../../../../shared/labels/types.ts';
import { cx } from '../../../components/cx.ts';
import popover from '../../../components/Popover.module.css';
import { ErrorLine } from '../../../components/State.tsx';
import { count, plural, score } from '../../../format.ts';
import { useCall } from '../../../state/queries.ts';
import type { Session } from '../session.ts';
import { timeText } from '../time.ts';
import { usePass } from '../verdicts/reviewer.ts';
import styles from './ExplainPanel.module.css';

export interface ExplainPanelProps {
  session: Session;
  /** The event that is explained; null while nothing is. */
  range: FrameRange | null;
  /** The run that is shown large. */
  runId: number | null;
  perCamera: boolean;
  anchor: RefObject<HTMLElement | null>;
  onClose(): void;
  onGo(frame: number): void;
}

export function ExplainPanel({ anchor, range, onClose, ...of }: ExplainPanelProps) {
  return (
    <AriaPopover
      className={popover.popover}
      triggerRef={anchor}
      isOpen={range !== null}
      onOpenChange={(open) => !open && onClose()}
      placement="top"
      offset={6}
    >
      <Dialog aria-label="Which runs fired" className={styles.panel}>
        {range && <Explained {...of} range={range} />}
      </Dialog>
    </AriaPopover>
  );
}

const among = (value: number, all: number): string => `${score(value)} of ${score(all)}`;

function Explained({
  session,
  range,
  runId,
  perCamera,
  onGo,
}: Omit<ExplainPanelProps, 'anchor' | 'onClose' | 'range'> & { range: FrameRange }) {
  const { start, end } = range;
  const pass = usePass();
  const { data, error } = useCall('quality.explain', {
    videoId: session.videoId,
    start,
    end,
    perCamera,
    pass,
  });
  const time = session.timed && `${timeText(session, start, 1)} to ${timeText(session, end, 1)}`;
  const voices = data?.voices ?? [];
  const fired = voices.filter((voice) => voice.fired.length > 0);
  const sum = (some: readonly RunVoice[]) => some.reduce((total, { weight }) => total + (weight ?? 0), 0);
  const weighted = voices.length > 0 && voices.every(({ weight }) => weight !== null);
  return (
    <>
      <h3>
        Frames {count(start)} to {count(end)} <small>{time}</small>
      </h3>
      <ErrorLine error={error} />
      {data && (
        <>
          <p>
            <b>
              {count(fired.length)} of {plural(voices.length, 'run')}
            </b>{' '}
            reach their threshold here
            {weighted && `, with weight ${among(sum(fired), sum(voices))}`}.
          </p>
          <ul className={styles.voices}>
            {voices.map((voice) => (
              <Voice
                key={voice.runId}
                voice={voice}
                session={session}
                range={range}
                chosen={voice.runId === runId}
                onGo={onGo}
              />
            ))}
          </ul>
          {!weighted && pass === 1 && (
            <small>
              Weights come from {count(data.needed)} reviewed random samples; there are {count(data.samples)}.
              Until then every run counts the same.
            </small>
          )}
        </>
      )}
    </>
  );
}

/** One run: where in the event it fired as a strip, as text that goes there, its highest score beside its threshold. */
function Voice({
  voice,
  session,
  range,
  chosen,
  onGo,
}: {
  voice: RunVoice;
  session: Session;
  range: FrameRange;
  chosen: boolean;
  onGo(frame: number): void;
}) {
  const { name, on, max, fired, weight } = voice;
  const span = range.end - range.start;
  const level = Math.min(5, Math.floor(Math.min(Math.max(max, 0), 1) * 6));
  return (
    <li className={cx(chosen && styles.chosen)} data-fired={fired.length > 0 || undefined}>
      <span className={styles.name} title={name}>
        {name}
      </span>
      <span className={styles.strip} aria-hidden={fired.length > 0 || undefined}>
        {fired.length === 0 && <small>did not fire</small>}
        {fired.map(({ start, end }) => (
          <i
            key={start}
            style={{
              left: `${(100 * (start - range.start)) / span}%`,
              width: `${(100 * (end - start)) / span}%`,
              background: `var(--score-${level})`,
            }}
          />
        ))}
      </span>
      <span className={styles.number} title="Highest score here, and the threshold">
        {score(max)} <small>of {score(on)}</small>
      </span>
      <span className={styles.number} title="How much it counts, from reviewed samples">
        {weight === null ? '' : `× ${score(weight)}`}
      </span>
      {fired.length > 0 && (
        <span className={styles.when}>
          {fired.map(({ start, end }) => (
            <button
              key={start}
              type="button"
              aria-label={`${name}: go to frame ${count(start)}`}
              onClick={() => onGo(start)}
            >
              {count(start)} to {count(end)}
              <small>
                {' '}
                {[
                  session.timed && timeText(session, start, 1),
                  `segments ${count(segmentOfFrame(start, Number.MAX_SAFE_INTEGER))} to ${count(segmentOfFrame(end - 1, Number.MAX_SAFE_INTEGER) + 1)}`,
                ]
                  .filter(Boolean)
                  .join(', ')}
              </small>
            </button>
          ))}
        </span>
      )}
    </li>
  );
}
