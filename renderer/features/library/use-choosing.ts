// One focused video of a list and those that are chosen, as lists of files do it: arrows, Shift, Ctrl, Space, Enter.
// Role: one hook for table and pictures. Limits: where a video lies on the screen is for its list to say.
import { type KeyboardEvent, type MouseEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { VideoRow } from '../../../shared/contract/index.ts';

export interface Choosing {
  videos: readonly VideoRow[];
  selected: ReadonlySet<number>;
  onSelect(selected: ReadonlySet<number>): void;
  onOpen(video: VideoRow): void;
  /** Holds the elements with `data-index`. */
  scroller: RefObject<HTMLElement | null>;
  /** Brings a video of that index onto the screen. */
  scrollTo(index: number): void;
  /** By how many videos arrows and page keys move. */
  steps(): Record<string, number>;
}

export function useChoosing({ videos, selected, onSelect, onOpen, scroller, scrollTo, steps }: Choosing) {
  const [active, setActive] = useState(0);
  const [anchor, setAnchor] = useState(0);
  const moveFocus = useRef(false);
  const current = Math.min(active, videos.length - 1);
  // Focus follows the keys, once its element is drawn.
  useEffect(() => {
    if (!moveFocus.current) return;
    moveFocus.current = false;
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${current}"]`)?.focus(),
    );
  }, [current, scroller]);
  const range = (to: number): void => {
    const [from, until] = [Math.min(anchor, to), Math.max(anchor, to)];
    onSelect(new Set(videos.slice(from, until + 1).map(({ id }) => id)));
  };
  const toggle = (index: number): void => {
    const next = new Set(selected);
    if (!next.delete(videos[index].id)) next.add(videos[index].id);
    setAnchor(index);
    onSelect(next);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset.index === undefined) return;
    const here = Number(event.target.dataset.index); // whatever brought the focus there
    const by = { ...steps(), Home: -videos.length, End: videos.length }[event.key];
    if (by !== undefined) {
      const to = Math.max(0, Math.min(videos.length - 1, here + by));
      if (event.shiftKey) range(to);
      moveFocus.current = true;
      setActive(to);
      scrollTo(to);
    } else if (event.key === ' ') toggle(here);
    else if (event.key === 'Enter') onOpen(videos[here]);
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey))
      onSelect(new Set(videos.map(({ id }) => id)));
    else if (event.key === 'Escape') onSelect(new Set());
    else return;
    event.preventDefault();
  };
  const onClick = (event: MouseEvent, index: number): void => {
    setActive(index);
    if (event.shiftKey) range(index);
    else if (event.ctrlKey || event.metaKey) toggle(index);
    else {
      setAnchor(index);
      onSelect(new Set([videos[index].id]));
    }
  };
  return { current, toggle, onKey, onClick };
}
