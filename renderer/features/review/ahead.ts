// What comes next is made ready while one looks at this: data, and the picture of the next event. Role: one hook.
// Limits: begins when the page has come to rest; nothing waits for it.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type QueueItem, type Run, resourceUrl, type VideoRow } from '../../../shared/contract/index.ts';
import { useClient } from '../../platform/context.tsx';
import { prefetchCall } from '../../state/queries.ts';
import { prefetchVideo, type ScoreCurve } from './data.ts';
import { dismiss, standBy } from './player/standby.ts';
import type { Session } from './session.ts';
import { usePass } from './verdicts/reviewer.ts';

/** What is on the screen comes first. */
const AFTER_MS = 60;

/** @param item the event one goes to next, in another video than the open one; null for none. @param video its row */
export function useAhead(
  session: Session | null,
  run: Run,
  otherRuns: readonly { run: Run; curve: ScoreCurve }[],
  perCamera: boolean,
  item: QueueItem | null,
  video: VideoRow | undefined,
): void {
  const queries = useQueryClient();
  const client = useClient();
  const pass = usePass();
  const start = item?.start ?? 0;
  const next = item && video && item.videoId !== session?.videoId ? video : null;
  const runIds = [run.id, ...otherRuns.map((other) => other.run.id)].join(' ');
  useEffect(() => {
    if (!next || !session) return;
    const { id, playable, path, frames } = next;
    let given = false;
    const begin = async () => {
      prefetchCall(queries, client, 'truth.get', { videoId: id });
      prefetchCall(queries, client, 'review.rows', { videoId: id, pass });
      prefetchCall(queries, client, 'review.ruleEvents', {
        runId: Number(runIds.split(' ')[0]),
        videoId: id,
      });
      if (path === null || frames === 0) return;
      const table = await prefetchVideo(queries, runIds.split(' ').map(Number), next, perCamera);
      // Without times a frame cannot be found in the file.
      if (given || !table || (playable !== 'direct' && playable !== 'proxy')) return;
      await standBy(id, resourceUrl.media(id), table, start);
    };
    const timer = setTimeout(() => {
      begin().catch(() => {}); // whoever goes there asks again, and is told what is wrong
    }, AFTER_MS);
    return () => {
      given = true;
      clearTimeout(timer);
    };
  }, [queries, client, session, next, runIds, perCamera, pass, start]);
  useEffect(() => dismiss, []);
}
