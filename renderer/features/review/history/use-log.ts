// The log of the review, newest first, as far back as it was asked for. Role: pages of it in one list, read again after every
// step. Limits: reading; what a row means is the dialog's.
import { useInfiniteQuery } from '@tanstack/react-query';
import type { LogEntry } from '../../../../shared/contract/index.ts';
import type { AppError } from '../../../../shared/errors.ts';
import { useClient } from '../../../platform/context.tsx';

const PAGE = 200;

/** `data.pages` of up to 200 rows each; `fetchNextPage` reads what is older. */
export function useLog() {
  const client = useClient();
  return useInfiniteQuery<LogEntry[], AppError, { pages: LogEntry[][] }, readonly string[], number | null>({
    // Named like the call, so that the cache knows what makes it stale.
    queryKey: ['review.log', 'pages'],
    queryFn: ({ pageParam }) => client.call('review.log', { limit: PAGE, before: pageParam }),
    initialPageParam: null,
    getNextPageParam: (page) => (page.length < PAGE ? null : page[page.length - 1].id),
  });
}
