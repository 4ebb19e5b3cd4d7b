// What keys and buttons do with the open video alone. Role: one function per action. Limits: verdicts and edits are
// verdicts/use-review-work.ts.
import { frameAt, timeOfFrame } from '../../../shared/labels/frame-table.ts';
import { type FrameRange, SEGMENT_FRAMES } from '../../../shared/labels/types.ts';
import { wholeVideo, zoomAt } from '../../canvas/viewport.ts';
import { looping, overlay, playbackRate, playsNext, smartPlayback, snapping } from './choices.ts';
import { boundaries, boundaryFrom } from './events/order.ts';
import type { ReviewActions } from './keymap.ts';
import { nextRate, nextSpeed } from './player/player.ts';
import type { Live, Session } from './session.ts';
import { cycleConsensus } from './timeline/lanes.ts';
import { rangeBetween } from './timeline/snap.ts';
import type { WorkAction } from './verdicts/use-review-work.ts';

type PlayerAction = Exclude<
  keyof ReviewActions,
  WorkAction | 'nextVideo' | 'previousVideo' | 'nextRun' | 'full' | 'threshold' | 'filter' | 'goTo' | 'sheet'
>;

/**
 * What needs only the open video; nothing while it loads.
 * @param known events beside those of the run: people's, and ground truth @param beyond goes on past the last edge
 */
export function playerActions(
  session: Session | null,
  live: Live | null,
  known: readonly FrameRange[],
  beyond: (by: 1 | -1) => void,
): Record<PlayerAction, () => void> {
  const player = session?.player;
  const frame = () => player?.store.getState().frame ?? 0;
  const second = (by: 1 | -1) => {
    if (!session) return;
    const to = frameAt(session.table, timeOfFrame(session.table, frame()) + by);
    player?.step(to === frame() ? by : to - frame());
  };
  const boundary = (by: 1 | -1) => {
    const edges = boundaries([...(live?.store.getState().events ?? []), ...known]);
    const to = boundaryFrom(edges, frame(), by);
    if (to !== null) player?.step(to - frame());
    else beyond(by);
  };
  const zoom = (factor: number) => {
    if (!session) return;
    const { view } = session.timeline.getState();
    const visible = frame() >= view.from && frame() < view.to;
    const anchor = visible ? frame() + 0.5 : (view.from + view.to) / 2;
    session.timeline.setState({ view: zoomAt(view, anchor, factor, session.frames) });
  };
  const mark = (edge: 'start' | 'end') => {
    if (!session) return;
    const { marked } = session.timeline.getState();
    const here = frame();
    const far = marked && (edge === 'start' ? marked.end - 1 : marked.start);
    const keeps = far !== null && (edge === 'start' ? far >= here : far <= here);
    const other = keeps ? far : here;
    session.timeline.setState({ marked: rangeBetween(here, other, session.frames, snapping.get()) });
  };
  const shuttle = (direction: 1 | -1) => player?.shuttle(nextSpeed(player.store.getState().speed, direction));
  return {
    toggle: () => player?.toggle(),
    stop: () => player?.shuttle(0),
    faster: () => shuttle(1),
    slower: () => shuttle(-1),
    frameForward: () => player?.step(1),
    frameBack: () => player?.step(-1),
    segmentForward: () => player?.step(SEGMENT_FRAMES),
    segmentBack: () => player?.step(-SEGMENT_FRAMES),
    secondForward: () => second(1),
    secondBack: () => second(-1),
    boundaryForward: () => boundary(1),
    boundaryBack: () => boundary(-1),
    first: () => player?.step(-frame()),
    last: () => player?.step((session?.frames ?? 1) - 1 - frame()),
    zoomIn: () => zoom(1.6),
    zoomOut: () => zoom(1 / 1.6),
    fit: () => session?.timeline.setState({ view: wholeVideo(session.frames) }),
    markIn: () => mark('start'),
    markOut: () => mark('end'),
    unmark: () => session?.timeline.setState({ marked: null }),
    loop: () => looping.set(!looping.get()),
    playNext: () => playsNext.set(!playsNext.get()),
    rateUp: () => playbackRate.set(nextRate(playbackRate.get(), 1)),
    rateDown: () => playbackRate.set(nextRate(playbackRate.get(), -1)),
    snap: () => snapping.set(!snapping.get()),
    consensus: cycleConsensus,
    smart: () => smartPlayback.set(!smartPlayback.get()),
    overlay: () => overlay.set({ ...overlay.get(), on: !overlay.get().on }),
  };
}
