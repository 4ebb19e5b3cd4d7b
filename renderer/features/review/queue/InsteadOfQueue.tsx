// What stands where the queue would be. Role: why there is nothing to review, and the way out. Limits: changes no setting
// but the one that is in the way.
import { Button } from '../../../components/Button.tsx';
import { Sliders } from '../../../components/icons.tsx';
import { EmptyState, ErrorState, LoadingRows } from '../../../components/State.tsx';
import { plural } from '../../../format.ts';
import { filtersOn, NO_FILTER } from './orders.ts';
import type { QueueView } from './use-queue.ts';

/** Null when there are items to show. */
export function insteadOfQueue(view: QueueView, onThreshold: () => void) {
  if (view.error && !view.queue) {
    return <ErrorState title="Events cannot be listed" error={view.error} onRetry={view.refresh} />;
  }
  if (!view.queue) return <LoadingRows label="Events are loading" height={57} />;
  if (view.items.length > 0) return null;
  if (filtersOn(view.settings.filter) > 0) {
    return (
      <EmptyState
        title="No event fits the filter"
        actions={<Button onPress={() => view.change({ filter: NO_FILTER })}>Show all</Button>}
      >
        {plural(view.queue.human + view.queue.rule + view.queue.open, 'event')} of this run are left out.
      </EmptyState>
    );
  }
  if (view.settings.budgetMinutes !== null && view.queue.total > 0) {
    return (
      <EmptyState
        title="The budget is too short"
        actions={<Button onPress={() => view.change({ budgetMinutes: null })}>No budget</Button>}
      >
        Not even the first event fits into {plural(view.settings.budgetMinutes, 'minute')}.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No events under this rule"
      actions={
        <Button icon={<Sliders size={14} />} onPress={onThreshold}>
          Change the threshold
        </Button>
      }
    >
      No video of this run reaches the upper threshold for long enough. Lower it, or shorten the shortest
      event.
    </EmptyState>
  );
}
