// What comes next is made ready while one looks at this: data, and the pictures of the next events. Role: one hook that
// does it when the page has come to rest, and what it does, for whoever goes somewhere before. Limits: nothing waits for it.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { type QueueItem, type Run, resourceUrl, type VideoRow } from '../../../shared/contract/index.ts';
import { useClient } from '../../platform/context.tsx';
import { prefetchCall } from '../../state/queries.ts';
import { prefetchVideo } from './data.ts';
import type { OtherRun } from './open-video.ts';
import { isAimedAt } from './place.ts';
import { canPlay } from './playback.ts';
import { dismiss, standBy } from './player/standby.ts';
import type { Session } from './session.ts';

/** What is on the screen comes first. */
const AFTER_MS = 60;

/** An event one goes to next, and its video. */
export interface Ahead {
  item: QueueItem;
  video: VideoRow;
}

/** Begins to load an event's video and what is known of it, to be there at `start`. */
export type MakeReady = (video: VideoRow, start: number) => Promise<void>;

export function useMakeReady(run: Run, otherRuns: readonly OtherRun[], perCamera: boolean): MakeReady {
  const queries = useQueryClient();
  const client = useClient();
  const runIds = [run.id, ...otherRuns.map((other) => other.run.id)].join(' ');
  return useCallback(
    async (video, start) => {
      const { id, path, frames } = video;
      const ids = runIds.split(' ').map(Number);
      prefetchCall(queries, client, 'truth.get', { videoId: id });
      prefetchCall(queries, client, 'review.ruleEvents', { runId: ids[0], videoId: id });
      if (path === null || frames === 0) return;
      const table = prefetchVideo(queries, ids, video, perCamera);
      table.catch(() => {}); // also where nobody waits for it, because the file has not told yet
      // Without times a frame cannot be found in the file.
      if (canPlay(video)) await standBy(id, resourceUrl.media(id), table, start);
      else await table;
    },
    [queries, client, runIds, perCamera],
  );
}

/** @param next the events one goes to next, nearest first; those in the open video are there already */
export function useAhead(session: Session | null, makeReady: MakeReady, next: readonly Ahead[]): void {
  useEffect(() => {
    if (!session) return;
    const others = next.filter(({ video }) => video.id !== session.videoId);
    dismiss((id) => isAimedAt(id) || others.some(({ video }) => video.id === id));
    let given = false;
    const all = async () => {
      for (const { item, video } of others) if (!given) await makeReady(video, item.start);
    };
    const timer = setTimeout(() => {
      all().catch(() => {}); // whoever goes there asks again, and is told what is wrong
    }, AFTER_MS);
    return () => {
      given = true;
      clearTimeout(timer);
    };
  }, [session, makeReady, next]);
  useEffect(() => () => dismiss(() => false), []);
}
