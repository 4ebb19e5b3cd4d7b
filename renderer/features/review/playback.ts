// How the open video is played: what is repeated, how fast, and what plays next. Role: hooks over the player.
// Limits: draws nothing; the player itself is player/player.ts.
import { useEffect, useRef, useState } from 'react';
import type { VideoRow } from '../../../shared/contract/index.ts';
import { frameAt, timeOfFrame } from '../../../shared/labels/frame-table.ts';
import type { FrameRange } from '../../../shared/labels/types.ts';
import { isCopyOf, useJobs } from '../../state/jobs.ts';
import { useAction } from '../../state/queries.ts';
import { copiesByThemselves, loopContext, looping, playbackRate, smartPlayback } from './choices.ts';
import type { ScoreCurve } from './data.ts';
import { smartPace } from './player/pace.ts';
import type { Player, PlayerState } from './player/player.ts';
import type { Live, Session } from './session.ts';
import { secondsTo } from './time.ts';

/** Whether there is something to play: a copy is there also while the original is not. */
export const canPlay = ({ playable, state }: Pick<VideoRow, 'playable' | 'state'>): boolean =>
  playable === 'proxy' || (playable === 'direct' && state !== 'missing');

/** Whether there is a picture to wait for: it is there, or a copy is made without being asked. */
export function useHasPicture(video: VideoRow): boolean {
  const copies = copiesByThemselves.use((state) => state.value);
  return canPlay(video) || (copies && video.playable === 'needs_proxy' && video.state === 'ready');
}

/** A range with the chosen seconds of context on either side. */
export function withContext({ start, end }: FrameRange, { table, frames, timed }: Session): FrameRange {
  const seconds = loopContext.get();
  if (seconds === 0) return { start, end };
  if (!timed) {
    const context = Math.round(seconds * 25);
    return { start: Math.max(0, start - context), end: Math.min(frames, end + context) };
  }
  return {
    start: frameAt(table, timeOfFrame(table, start) - seconds),
    end: Math.min(frames, frameAt(table, timeOfFrame(table, end) + seconds) + 1),
  };
}

export interface Repeatable {
  marked: FrameRange | null;
  selected: FrameRange | null;
  newest: 'marked' | 'selected';
}

const isSame = (a: FrameRange | null, b: FrameRange | null): boolean =>
  a?.start === b?.start && a?.end === b?.end;

/** What could be repeated after one of the two changed; the same object where none did. */
export function repeatableAfter(
  seen: Repeatable,
  marked: FrameRange | null,
  selected: FrameRange | null,
): Repeatable {
  if (!isSame(marked, seen.marked)) return { marked, selected, newest: 'marked' };
  return isSame(selected, seen.selected) ? seen : { marked, selected, newest: 'selected' };
}

/** The newer of the two; the other where that is none. */
export const repeatedOf = ({ marked, selected, newest }: Repeatable): FrameRange | null =>
  newest === 'marked' ? (marked ?? selected) : (selected ?? marked);

/** What is repeated where that is chosen: the newer of what is marked and what is selected. */
export function useNewest(marked: FrameRange | null, selected: FrameRange | null): FrameRange | null {
  const [seen, setSeen] = useState<Repeatable>({ marked, selected, newest: 'marked' });
  const now = repeatableAfter(seen, marked, selected);
  if (now !== seen) setSeen(now);
  return repeatedOf(now);
}

/** Repeats a range where that is chosen, in every video, also when its edges move. */
export function useRepeat(session: Session | null, range: FrameRange | null): void {
  const start = range?.start ?? null;
  const end = range?.end ?? null;
  const context = loopContext.use((state) => state.value);
  const on = looping.use((state) => state.value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another context is another range
  useEffect(() => {
    const none = !on || start === null || end === null;
    session?.player.setLoop(none ? null : withContext({ start, end }, session));
  }, [session, start, end, context, on]);
}

/** Every video is played at the chosen speed. */
export function useRate(session: Session | null): void {
  const rate = playbackRate.use((state) => state.value);
  useEffect(() => session?.player.setRate(rate), [session, rate]);
}

/**
 * Plays once the frame that was asked for is on the screen. Whoever plays or goes elsewhere before that is left alone.
 * @param onPlays called when it does
 * @param hasPicture false where there is none to wait for: then frames pass by the clock
 * @returns a function that gives it up
 */
export function playOnceThere(
  player: Player,
  speed: number,
  hasPicture: boolean,
  onPlays: () => void = () => {},
): () => void {
  const wanted = player.store.getState().frame;
  let stop = () => {};
  const look = ({ frame, settled, identity, speed: now }: PlayerState): void => {
    const there = settled && (identity !== 'none' || !hasPicture);
    if (now !== 0 || (frame !== wanted && !there)) stop();
    else if (there) {
      stop();
      player.shuttle(speed);
      onPlays();
    }
  };
  stop = player.store.subscribe(look);
  look(player.store.getState());
  return stop;
}

/** Smart playback knows where events are, as the rule makes them now. */
export function usePace(session: Session | null, curve: ScoreCurve | null, live: Live | null): void {
  const smart = smartPlayback.use((state) => state.value);
  useEffect(() => session?.player.setSmart(smart), [session, smart]);
  useEffect(() => {
    if (!session || !curve || !live) return;
    const { table, frames, timed } = session;
    // Two seconds: at sixteen times the speed that is an eighth of a second to slow down in.
    const perSecond = timed ? frames / Math.max(1e-3, secondsTo(table, frames)) : 25;
    const follow = () => {
      const { events, rule } = live.store.getState();
      const context = Math.max(32, Math.round(2 * perSecond));
      session.player.setPace(smartPace({ scores: curve.scores, events, rule, context }));
    };
    follow();
    const stop = live.store.subscribe(follow);
    return () => {
      stop();
      session.player.setPace(null);
    };
  }, [session, curve, live]);
}

/** The playable copy of the video that comes next is made while one looks at this one. */
export function usePlayableAhead(next: VideoRow | undefined): void {
  const wanted = copiesByThemselves.use((state) => state.value);
  const jobs = useJobs();
  const { run } = useAction('videos.proxy');
  const asked = useRef(new Set<number>());
  const missing =
    wanted &&
    next?.playable === 'needs_proxy' &&
    next.state === 'ready' &&
    !jobs.some((job) => isCopyOf(job, next));
  const id = missing ? next.id : null;
  useEffect(() => {
    if (id === null || asked.current.has(id)) return;
    asked.current.add(id);
    run({ id });
  }, [id, run]);
}
