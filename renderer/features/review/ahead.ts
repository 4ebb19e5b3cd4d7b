// What comes next is made ready while one looks at this: data, and the pictures of the next events. Role: one hook.
// Limits: begins when the page has come to rest; nothing waits for it.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type QueueItem, type Run, resourceUrl, type VideoRow } from '../../../shared/contract/index.ts';
import { useClient } from '../../platform/context.tsx';
import { prefetchCall } from '../../state/queries.ts';
import { prefetchVideo } from './data.ts';
import type { OtherRun } from './open-video.ts';
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

/** @param next the events one goes to next, nearest first; those in the open video are there already */
export function useAhead(
  session: Session | null,
  run: Run,
  otherRuns: readonly OtherRun[],
  perCamera: boolean,
  next: readonly Ahead[],
): void {
  const queries = useQueryClient();
  const client = useClient();
  const runIds = [run.id, ...otherRuns.map((other) => other.run.id)].join(' ');
  useEffect(() => {
    if (!session) return;
    const others = next.filter(({ video }) => video.id !== session.videoId);
    dismiss(others.map(({ video }) => video.id));
    let given = false;
    const begin = async ({ item, video }: Ahead) => {
      const { id, path, frames } = video;
      prefetchCall(queries, client, 'truth.get', { videoId: id });
      prefetchCall(queries, client, 'review.ruleEvents', {
        runId: Number(runIds.split(' ')[0]),
        videoId: id,
      });
      if (path === null || frames === 0) return;
      const table = await prefetchVideo(queries, runIds.split(' ').map(Number), video, perCamera);
      // Without times a frame cannot be found in the file.
      if (given || !table || !canPlay(video)) return;
      await standBy(id, resourceUrl.media(id), table, item.start);
    };
    const all = async () => {
      for (const one of others) if (!given) await begin(one);
    };
    const timer = setTimeout(() => {
      all().catch(() => {}); // whoever goes there asks again, and is told what is wrong
    }, AFTER_MS);
    return () => {
      given = true;
      clearTimeout(timer);
    };
  }, [queries, client, session, next, runIds, perCamera]);
  useEffect(() => () => dismiss(), []);
}
