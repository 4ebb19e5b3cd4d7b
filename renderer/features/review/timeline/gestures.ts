// Pointer and wheel on the timeline. Role: scrub, select, mark with Shift, drag a threshold, move the view, zoom at the
// pointer.
// Limits: every gesture has a key as well; keys are bound by the screen.
import { yOf } from '../../../canvas/paint.ts';
import { frameUnder, panBy, type Viewport, wholeVideo, zoomAt } from '../../../canvas/viewport.ts';
import { snapping } from '../choices.ts';
import type { RuleEditor } from '../rule.ts';
import { eventAt, type Live, type Session } from '../session.ts';
import { type Layer, rowIdAt } from './layers.ts';
import { type Layout, type Row, rowAt } from './layout.ts';
import { rangeBetween } from './snap.ts';

type Mode = 'scrub' | 'overview' | 'on' | 'off' | 'mark';

/** How near the pointer has to be to a threshold line, or to a block too narrow to be met. CSS pixels. */
const REACH = 4;
const ZOOM_PER_PIXEL = 0.0022;

/** What gestures work on, as it is now: it may change in the middle of one. */
export interface GestureInputs {
  layout: Layout;
  layers: readonly Layer[];
  live: Live | null;
  rules: RuleEditor | null;
  /** The event at a frame was clicked; the player already goes to the frame. */
  onPick(frame: number): void;
  /** The lane of the consensus was clicked; the player already goes to the frame. */
  onExplain(frame: number): void;
  /** A person's row was clicked; the player already goes to the frame. */
  onChoose(rowId: number): void;
}

/** Score at a height of the curve's row, in steps of a hundredth. */
export const scoreAt = (row: Pick<Row, 'y' | 'height'>, y: number): number =>
  Math.round(Math.min(Math.max(1 - (y - row.y) / (row.height - 1), 0), 1) * 100) / 100;

/** Listens on the timeline's body. @returns a function that stops listening. */
export function listenGestures(
  body: HTMLElement,
  { player, timeline, frames }: Session,
  inputs: () => GestureInputs,
): () => void {
  let mode: Mode | null = null;
  let markedFrom = 0;
  /** Where the lane of the consensus was pressed: to click it asks why, to drag from it scrubs. */
  let asked: number | null = null;

  const setView = (view: Viewport) => timeline.setState({ view });
  const point = (event: PointerEvent | WheelEvent) => {
    const box = body.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top, width: box.width };
  };
  const frameOf = (x: number, width: number) => frameUnder(timeline.getState().view, x, width, frames);
  const rowUnder = (y: number) => rowAt(inputs().layout, y);
  /** The person's row that is drawn at a point. */
  function rowIdUnder(row: Row | null, x: number, width: number): number | null {
    const layer = row?.kind === 'layer' && inputs().layers.find(({ id }) => id === row.layerId);
    if (!layer) return null;
    const { view } = timeline.getState();
    return rowIdAt(layer.items, frameOf(x, width), ((view.to - view.from) / width) * REACH);
  }
  const curveRow = () => inputs().layout.rows.find((row) => row.kind === 'curve');

  function lineAt(y: number): 'on' | 'off' | null {
    const { live, rules } = inputs();
    const row = curveRow();
    const rule = live?.store.getState().rule;
    if (!row || !rule || !rules) return null;
    const distance = (score: number) => Math.abs(yOf({ ...row, width: 0 }, score) - y);
    const [on, off] = [distance(rule.on), distance(rule.off)];
    if (Math.min(on, off) > REACH) return null;
    return on <= off ? 'on' : 'off';
  }

  function drag(event: PointerEvent): void {
    const { x, y, width } = point(event);
    if (mode === 'scrub') player.seek(frameOf(x, width));
    else if (mode === 'mark') {
      const marked = rangeBetween(markedFrom, frameOf(x, width), frames, snapping.get() !== event.altKey);
      timeline.setState({ marked });
    } else if (mode === 'overview') {
      const { view } = timeline.getState();
      const middle = (Math.min(Math.max(x, 0), width) / width) * frames;
      setView(panBy(view, middle - (view.from + view.to) / 2, frames));
    } else if (mode === 'on' || mode === 'off') {
      const row = curveRow();
      if (row) inputs().rules?.change({ [mode]: scoreAt(row, y) });
    }
  }

  function onDown(event: PointerEvent): void {
    if (event.button !== 0 || (event.target as Element).closest('[data-handle]')) return;
    const { x, y, width } = point(event);
    const row = rowUnder(y);
    mode =
      row?.kind === 'overview'
        ? 'overview'
        : event.shiftKey
          ? 'mark'
          : ((row?.kind === 'curve' ? lineAt(y) : null) ?? 'scrub');
    const line = mode === 'on' || mode === 'off' ? mode : null;
    markedFrom = frameOf(x, width);
    asked = mode === 'scrub' && row?.kind === 'consensus' ? x : null;
    body.setPointerCapture(event.pointerId);
    event.preventDefault();
    // What had the focus before, a link for one, would take the next Enter.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    if (line) {
      timeline.setState({ held: line });
      inputs().rules?.hold(true);
    }
    if (mode === 'scrub') {
      player.shuttle(0);
      const { live, onPick, onChoose } = inputs();
      const frame = frameOf(x, width);
      const lane = row && row.kind !== 'ruler' && row.kind !== 'pictures';
      const rowId = rowIdUnder(row, x, width);
      if (rowId !== null) onChoose(rowId);
      else if (lane && eventAt(live?.store.getState().events ?? [], frame)) onPick(frame);
      else if (row?.kind === 'curve') timeline.setState({ anchor: null });
    }
    drag(event);
  }

  function onMove(event: PointerEvent): void {
    const { x, y, width } = point(event);
    const row = rowUnder(y);
    if (asked !== null && Math.abs(x - asked) > REACH) asked = null;
    timeline.setState({ hover: row?.kind === 'overview' ? null : frameOf(x, width) });
    const line =
      mode === 'on' || mode === 'off' || (mode === null && row?.kind === 'curve' && lineAt(y) !== null);
    body.dataset.cursor = line ? 'threshold' : row?.kind === 'overview' ? 'overview' : 'scrub';
    if (mode) drag(event);
  }

  const onUp = () => {
    if (mode === 'on' || mode === 'off') {
      timeline.setState({ held: null });
      inputs().rules?.hold(false);
    }
    mode = null;
    if (asked !== null) inputs().onExplain(frameOf(asked, body.clientWidth));
    asked = null;
  };
  const onCancel = () => {
    asked = null;
    onUp();
  };
  const onLeave = () => timeline.setState({ hover: null });

  function onWheel(event: WheelEvent): void {
    event.preventDefault();
    const { x, y, width } = point(event);
    const { view } = timeline.getState();
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      setView(panBy(view, (sideways / width) * (view.to - view.from), frames));
      return;
    }
    const inOverview = rowUnder(y)?.kind === 'overview';
    const base = inOverview ? wholeVideo(frames) : view;
    const anchor = base.from + (x / width) * (base.to - base.from);
    setView(
      zoomAt(
        view,
        inOverview ? (view.from + view.to) / 2 : anchor,
        Math.exp(-event.deltaY * ZOOM_PER_PIXEL),
        frames,
      ),
    );
  }

  body.addEventListener('pointerdown', onDown);
  body.addEventListener('pointermove', onMove);
  body.addEventListener('pointerup', onUp);
  body.addEventListener('pointercancel', onCancel);
  body.addEventListener('pointerleave', onLeave);
  body.addEventListener('wheel', onWheel, { passive: false });
  return () => {
    body.removeEventListener('pointerdown', onDown);
    body.removeEventListener('pointermove', onMove);
    body.removeEventListener('pointerup', onUp);
    body.removeEventListener('pointercancel', onCancel);
    body.removeEventListener('pointerleave', onLeave);
    body.removeEventListener('wheel', onWheel);
  };
}
