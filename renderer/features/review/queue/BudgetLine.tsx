// The time a queue takes, and what it would bring. Role: minutes left, share done, expected precision; the budget itself
// in a popover. Limits: expectations are the engine's (electron/api/review/outlook.ts).
import { useMemo } from 'react';
import { Button } from '../../../components/Button.tsx';
import { Clock } from '../../../components/icons.tsx';
import { Popover } from '../../../components/Menu.tsx';
import { NumberField } from '../../../components/NumberField.tsx';
import { ProgressBar } from '../../../components/ProgressBar.tsx';
import { count, duration, plural, score } from '../../../format.ts';
import type { PanelState } from '../keymap.ts';
import styles from './BudgetLine.module.css';
import { budgetChange } from './orders.ts';
import { type QueueView, secondsOf } from './use-queue.ts';

export function BudgetLine({ view, panel }: { view: QueueView; panel: PanelState }) {
  const { queue, items, settings, left } = view;
  const total = useMemo(() => secondsOf(items), [items]);
  const { budgetMinutes } = settings;
  const after = queue?.outlook.after ?? null;
  return (
    <div className={styles.budget}>
      <div className={styles.line}>
        <Popover
          label="Review budget"
          placement="bottom start"
          {...panel}
          trigger={
            <Button small variant="quiet" icon={<Clock size={14} />}>
              {budgetMinutes === null ? 'No budget' : `Budget ${count(budgetMinutes)} min`}
            </Button>
          }
        >
          <BudgetFields view={view} />
        </Popover>
        <span data-testid="queue-left">
          {left.events === 0 && items.length > 0
            ? 'All decided'
            : `${count(left.events)} open, ${duration(left.seconds)}`}
        </span>
      </div>
      <ProgressBar label="Decided" value={total === 0 ? 0 : (total - left.seconds) / total} />
      {queue && queue.ignored > 0 && (
        <p
          className={styles.outlook}
          title="People said to ignore at least half of their frames: they are in no queue and need no verdict."
        >
          {plural(queue.ignored, 'event')} ignored
        </p>
      )}
      {budgetMinutes !== null && (
        <p
          className={styles.outlook}
          data-testid="queue-outlook"
          title="Expected from the verdicts so far; not an estimate from a random sample."
        >
          {after
            ? `Ends near precision ${score(after.value)} (${score(after.low)} to ${score(after.high)})`
            : `Expected precision after ${plural(Math.max(1, 20 - (queue?.outlook.verdicts ?? 0)), 'more verdict')}`}
        </p>
      )}
    </div>
  );
}

function BudgetFields({ view }: { view: QueueView }) {
  const { settings, change, queue } = view;
  const before = queue?.outlook.before ?? null;
  const after = queue?.outlook.after ?? null;
  return (
    <div className={styles.fields}>
      <NumberField
        label="Minutes you have (0: no limit)"
        value={settings.budgetMinutes ?? 0}
        min={0}
        max={10_000}
        step={5}
        unit="min"
        onChange={(value) => {
          if (value >= 0) change(budgetChange(settings, value));
        }}
      />
      <NumberField
        label="Speed at which you review"
        value={settings.reviewSpeed}
        min={0.1}
        max={16}
        step={0.5}
        unit="×"
        onChange={(value) => {
          if (value >= 0.1 && value <= 16) change({ reviewSpeed: value });
        }}
      />
      <NumberField
        label="Share of probes from below the threshold"
        value={Math.round(settings.probeShare * 100)}
        min={0}
        max={50}
        step={5}
        integer
        unit="%"
        onChange={(value) => {
          if (value >= 0 && value <= 50) change({ probeShare: value / 100 });
        }}
      />
      {settings.order === 'random' && (
        <NumberField
          label="Events to draw"
          value={settings.sample}
          min={1}
          max={100_000}
          step={50}
          integer
          onChange={(value) => {
            if (value >= 1) change({ sample: value });
          }}
        />
      )}
      <NumberField
        label="Seed of what is drawn and of ties"
        value={settings.seed}
        min={0}
        max={4_294_967_295}
        step={1}
        integer
        onChange={(value) => {
          if (value >= 0) change({ seed: value });
        }}
      />
      <p className={styles.note}>
        {before && after ? (
          <>
            Expected from {count(queue?.outlook.verdicts ?? 0)} verdicts: precision {score(before.value)} now,{' '}
            {score(after.value)} ({score(after.low)} to {score(after.high)}) after this queue. Events were not
            looked at in random order, so this is to plan with and no estimate.
          </>
        ) : (
          'After 20 verdicts this says what a queue would bring. Probes measure what the threshold misses.'
        )}
      </p>
    </div>
  );
}
