// The bar above the timeline: where one is, moving and playing, threshold, zoom. Role: controls with their keys.
// Limits: what they do comes from the screen; frame and time are written past React.
import { type ReactNode, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { segmentOfFrame } from '../../../../shared/labels/segments.ts';
import { Button, IconButton } from '../../../components/Button.tsx';
import {
  ChevronDown,
  ChevronLeft,
  ChevronRight,
  Fast,
  Loop,
  Magnet,
  Minus,
  Pause,
  Play,
  Plus,
  ToEnd,
  ToStart,
} from '../../../components/icons.tsx';
import { Menu } from '../../../components/Menu.tsx';
import { count } from '../../../format.ts';
import { useCommands } from '../../../state/commands.ts';
import {
  AFTER_PLAYED,
  afterPlayed,
  LOOP_CONTEXTS,
  loopContext,
  looping,
  playbackRate,
  playsNext,
  smartPlayback,
  snapping,
} from '../choices.ts';
import { keyOf, type ReviewActions } from '../keymap.ts';
import { RATES } from '../player/player.ts';
import type { Session } from '../session.ts';
import { timeText } from '../time.ts';
import { slowly } from '../use-slow.ts';
import { ThresholdButton, type ThresholdProps } from './ThresholdButton.tsx';
import styles from './Transport.module.css';

export interface TransportProps {
  session: Session;
  actions: ReviewActions;
  /** Segments of the chosen run in this video, 0 without scores. */
  segments: number;
  threshold: ThresholdProps | null;
  /** The menu of lanes. */
  lanes: ReactNode;
  /** How far steps go. */
  steps: ReactNode;
}

const THEN: Record<(typeof AFTER_PLAYED)[number], string> = {
  stop: 'then rest at its end',
  next: 'then play the one after it',
  on: 'then play on',
};

const rateText = (rate: number): string => `${String(Math.abs(rate)).replace(/^0\./, '.')}×`;

export function Transport({ session, actions, segments, threshold, lanes, steps }: TransportProps) {
  const speed = useStore(session.player.store, (state) => state.speed);
  const rate = useStore(session.player.store, (state) => state.rate);
  const loops = looping.use((state) => state.value);
  const next = playsNext.use((state) => state.value);
  const then = afterPlayed.use((state) => state.value);
  const smart = smartPlayback.use((state) => state.value);
  const snap = snapping.use((state) => state.value);
  const context = loopContext.use((state) => state.value);
  useCommands(
    'speeds',
    RATES.map((value) => ({
      id: `speed-${value}`,
      text: `Speed ${rateText(value)}`,
      kbd: '',
      run: () => playbackRate.set(value),
    })),
  );
  const shown = speed === 0 ? rate : speed;
  return (
    <div className={styles.transport}>
      <Clock session={session} segments={segments} />
      <div className={styles.group}>
        <IconButton
          label="Previous edge of an event"
          kbd={keyOf('boundaryBack')}
          icon={<ToStart />}
          onPress={actions.boundaryBack}
        />
        <IconButton
          label="Back one frame"
          kbd={keyOf('frameBack')}
          icon={<ChevronLeft />}
          onPress={actions.frameBack}
        />
        <span className={styles.play}>
          <IconButton
            variant="normal"
            label={speed === 0 ? 'Play' : 'Pause'}
            kbd={keyOf('toggle')}
            icon={speed === 0 ? <Play /> : <Pause />}
            onPress={actions.toggle}
          />
        </span>
        <IconButton
          label="Forward one frame"
          kbd={keyOf('frameForward')}
          icon={<ChevronRight />}
          onPress={actions.frameForward}
        />
        <IconButton
          label="Next edge of an event"
          kbd={keyOf('boundaryForward')}
          icon={<ToEnd />}
          onPress={actions.boundaryForward}
        />
        <span className={styles.rule} />
        <span className={styles.split}>
          <IconButton
            label="Repeat what is marked, or the selected event"
            kbd={keyOf('loop')}
            on={loops}
            icon={<Loop />}
            onPress={actions.loop}
          />
          <Menu
            label="Context of what is repeated"
            trigger={
              <IconButton small label="Context of what is repeated" icon={<ChevronDown size={12} />} />
            }
            entries={LOOP_CONTEXTS.map((seconds) => ({
              id: String(seconds),
              label: seconds === 0 ? 'No context' : `${seconds} s before and after`,
              checked: seconds === context,
              onAction: () => loopContext.set(seconds),
            }))}
          />
        </span>
        <IconButton
          label="Smart playback: fast through low scores, at the chosen speed in events"
          kbd={keyOf('smart')}
          on={smart}
          icon={<Fast />}
          onPress={actions.smart}
        />
        <Menu
          label="Speed"
          trigger={
            <Button variant="quiet" aria-label={`Speed ${rateText(shown)}${speed < 0 ? ' backwards' : ''}`}>
              <span className={styles.rate}>
                {speed < 0 && '−'}
                {rateText(shown)}
              </span>
              <ChevronDown size={12} />
            </Button>
          }
          entries={[
            ...RATES.map((value) => ({
              id: String(value),
              label: rateText(value),
              checked: value === rate,
              onAction: () => playbackRate.set(value),
            })),
            'separator',
            {
              id: 'next',
              label: 'Play the next event',
              help: 'Going to an event of the queue plays it',
              checked: next,
              kbd: keyOf('playNext'),
              onAction: actions.playNext,
            },
            ...(next
              ? AFTER_PLAYED.map((value) => ({
                  id: `then-${value}`,
                  label: THEN[value],
                  checked: value === then,
                  onAction: () => afterPlayed.set(value),
                }))
              : []),
          ]}
        />
      </div>
      <div className={styles.end}>
        <IconButton
          small
          label="Edges stick to segments"
          kbd={keyOf('snap')}
          on={snap}
          icon={<Magnet size={14} />}
          onPress={actions.snap}
        />
        {steps}
        {lanes}
        {threshold && <ThresholdButton {...threshold} />}
        <span className={styles.rule} />
        <IconButton
          small
          label="Zoom out"
          kbd={keyOf('zoomOut')}
          icon={<Minus size={14} />}
          onPress={actions.zoomOut}
        />
        <IconButton
          small
          label="Zoom in"
          kbd={keyOf('zoomIn')}
          icon={<Plus size={14} />}
          onPress={actions.zoomIn}
        />
        <Button small variant="quiet" kbd={keyOf('fit')} onPress={actions.fit}>
          Fit
        </Button>
      </div>
    </div>
  );
}

function Clock({ session, segments }: { session: Session; segments: number }) {
  const frameRef = useRef<HTMLSpanElement>(null);
  const timeRef = useRef<HTMLSpanElement>(null);
  const segmentRef = useRef<HTMLSpanElement>(null);
  useEffect(
    () =>
      slowly(
        session.player.store,
        ({ frame, settled }) => {
          if (!frameRef.current || !timeRef.current || !segmentRef.current) return;
          frameRef.current.textContent = count(frame);
          frameRef.current.dataset.settled = String(settled);
          timeRef.current.textContent = timeText(session, frame);
          segmentRef.current.textContent =
            segments > 0 ? `segment ${count(segmentOfFrame(frame, segments))}` : '';
        },
        // At rest each step is written at once; while playing the numbers would only flicker.
        ({ speed }) => (speed === 0 ? 0 : 125),
      ),
    [session, segments],
  );
  return (
    <div className={styles.clock}>
      <span ref={frameRef} className={styles.frame} data-testid="frame" title="Frame, counted from 0" />
      <span ref={timeRef} className={styles.time} />
      <span ref={segmentRef} className={styles.segment} />
    </div>
  );
}
