// What keys and buttons do with the open video alone. Role: one function per action. Limits: verdicts and edits are
// verdicts/use-review-work.ts.
import { frameAt, timeOfFrame } from '../../../shared/labels/frame-table.ts';
import type { FrameRange } from '../../../shared/labels/types.ts';
import { panBy, wholeVideo, zoomAt } from '../../canvas/viewport.ts';
import { looping, overlay, playbackRate, playsNext, smartPlayback, snapping, steps } from './choices.ts';
import { boundaries, boundaryFrom } from './events/order.ts';
import type { PanelAction, ReviewActions } from './keymap.ts';
import { nextRate, nextSpeed } from './player/player.ts';
import type { Live, Session } from './session.ts';
import type { LaneAction } from './timeline/lane-actions.ts';
import { rangeBetween } from './timeline/snap.ts';
import type { ToolAction } from './tools/tool-actions.ts';
import type { WorkAction } from './verdicts/use-review-work.ts';
import { tell } from './word.ts';

type PlayerAction = Exclude<
  keyof ReviewActions,
  | WorkAction
  | LaneAction
  | PanelAction
  | ToolAction
  | 'stop'
  | 'nextVideo'
  | 'previousVideo'
  | 'nextRun'
  | 'full'
  | 'goTo'
  | 'sheet'
  | 'refresh'
  | 'explain'
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
  const pass = (seconds: number) => {
    if (!session) return;
    const to = frameAt(session.table, timeOfFrame(session.table, frame()) + seconds);
    player?.step(to === frame() ? Math.sign(seconds) : to - frame());
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
    const playhead = frame() + 0.5;
    const visible = playhead >= view.from && playhead < view.to;
    const anchor = visible ? playhead : (view.from + view.to) / 2;
    session.timeline.setState({ view: zoomAt(view, anchor, factor, session.frames) });
  };
  const pan = (share: number) => {
    if (!session) return;
    const { view } = session.timeline.getState();
    session.timeline.setState({ view: panBy(view, share * (view.to - view.from), session.frames) });
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
    faster: () => shuttle(1),
    slower: () => shuttle(-1),
    frameForward: () => player?.step(1),
    frameBack: () => player?.step(-1),
    segmentForward: () => player?.step(steps.get().frames),
    segmentBack: () => player?.step(-steps.get().frames),
    secondForward: () => pass(steps.get().seconds),
    secondBack: () => pass(-steps.get().seconds),
    jumpForward: () => pass(steps.get().jump),
    jumpBack: () => pass(-steps.get().jump),
    boundaryForward: () => boundary(1),
    boundaryBack: () => boundary(-1),
    first: () => player?.step(-frame()),
    last: () => player?.step((session?.frames ?? 1) - 1 - frame()),
    zoomIn: () => zoom(1.6),
    zoomOut: () => zoom(1 / 1.6),
    panForward: () => pan(0.5),
    panBack: () => pan(-0.5),
    fit: () => session?.timeline.setState({ view: wholeVideo(session.frames) }),
    markIn: () => mark('start'),
    markOut: () => mark('end'),
    unmark: () => session?.timeline.setState({ marked: null }),
    loop: () => looping.set(!looping.get()),
    playNext: () => {
      playsNext.set(!playsNext.get());
      tell(`Events ${playsNext.get() ? 'play' : 'rest'} when one goes to them.`, 'note');
    },
    rateUp: () => playbackRate.set(nextRate(playbackRate.get(), 1)),
    rateDown: () => playbackRate.set(nextRate(playbackRate.get(), -1)),
    snap: () => snapping.set(!snapping.get()),
    smart: () => smartPlayback.set(!smartPlayback.get()),
    overlay: () => overlay.set({ ...overlay.get(), on: !overlay.get().on }),
  };
}
