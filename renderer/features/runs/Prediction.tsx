// Time and memory of the run that would be started, on the chosen device and on the processor beside it. Role: asks once the
// options have settled, shows ranges with where they come from, stops asking when told to. Limits: the engine measures.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Device, Estimate, Input } from '../../../shared/contract/index.ts';
import { rangeOfBytes, rangeOfSeconds, rangeOfSteps, spokenSeconds } from '../../../shared/estimate-words.ts';
import { Button, IconButton } from '../../components/Button.tsx';
import { Again, Stop, Warning } from '../../components/icons.tsx';
import { Section } from '../../components/Panel.tsx';
import { ErrorLine } from '../../components/State.tsx';
import { bytes } from '../../format.ts';
import { useClient } from '../../platform/context.tsx';
import { callKey, useAction, useCall } from '../../state/queries.ts';
import styles from './Prediction.module.css';

type Asked = Input<'runs.estimate'>;

/** Options change with every key; nothing is measured before they rest. */
const SETTLE_MS = 700;

/** The options once they have been the same for a while; null until then and where there are none. */
function useSettled(options: Asked | null): Asked | null {
  const [settled, setSettled] = useState<string | null>(null);
  const text = options && JSON.stringify(options);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return text !== null && text === settled ? options : null;
}

export interface PredictionProps {
  /** What would be started; null while something has to be put right first. */
  options: Asked | null;
  /** Where that computes; undefined while the devices are tried. */
  device: Device['name'] | undefined;
}

export function Prediction({ options, device }: PredictionProps) {
  const client = useClient();
  const queries = useQueryClient();
  const settled = useSettled(device === undefined ? null : options);
  const beside = device !== undefined && device !== 'cpu';
  const asked: Asked = settled ?? NOTHING;
  const onCpu: Asked = { ...asked, device: 'cpu', mixedPrecision: false };
  const chosen = useCall('runs.estimate', asked, { enabled: settled !== null, fresh: true });
  const cpu = useCall('runs.estimate', onCpu, {
    enabled: settled !== null && beside && (chosen.isSuccess || chosen.isError) && !chosen.isFetching,
    fresh: true,
  });
  const again = useAction('runs.estimate', (found, { again: _, ...input }) =>
    queries.setQueryData(callKey('runs.estimate', input), found),
  );
  // Whoever leaves the screen wants nothing measured.
  useEffect(() => () => void client.call('runs.stopEstimate', {}).catch(() => {}), [client]);

  const measuring = chosen.isFetching || cpu.isFetching || again.pending;
  const waiting = options !== null && (settled === null || measuring);
  const failed = [again.error, chosen.error, beside ? cpu.error : null].filter((error) => error !== null);
  const stopped = failed.some(({ code }) => code === 'cancelled');
  const found = settled === null ? [] : [chosen.data, beside ? cpu.data : undefined].filter(isThere);
  const measure = (): void => {
    again.reset();
    if (chosen.data) again.run({ ...asked, again: true });
    else void chosen.refetch();
    if (beside && cpu.isError) void cpu.refetch();
  };
  return (
    <Section
      title="Time and memory"
      aux={
        waiting ? (
          <Button
            small
            variant="quiet"
            icon={<Stop size={14} />}
            isDisabled={!measuring}
            onPress={() => void client.call('runs.stopEstimate', {})}
          >
            Stop
          </Button>
        ) : (
          settled !== null && (
            <IconButton
              small
              label={found.length > 0 ? 'Measure again' : 'Measure'}
              icon={<Again size={14} />}
              onPress={measure}
            />
          )
        )
      }
    >
      <div className={styles.prediction} aria-live="polite" data-measuring={waiting || undefined}>
        {found.length > 0 && <Figures found={found} />}
        {waiting && (
          <p className={styles.quiet} role="status">
            {found.length > 0 ? 'Trying a few steps on the CPU too…' : 'Trying a few steps of this training…'}
          </p>
        )}
        {options === null && <p className={styles.quiet}>Known once the options can be used.</p>}
        {!waiting && stopped && (
          <p className={styles.quiet}>Stopped. Measure to know how long this run will take.</p>
        )}
        {!waiting &&
          settled !== null &&
          failed
            .filter(({ code }) => code !== 'cancelled')
            .map((error) => <ErrorLine key={error.message} error={error} />)}
        {[...new Set(found.flatMap(({ warnings }) => warnings))].map((warning) => (
          <p key={warning} className={styles.warning}>
            <Warning size={14} />
            <span>{warning}</span>
          </p>
        ))}
      </div>
    </Section>
  );
}

/** Stands for options that are not asked for. */
const NOTHING: Asked = { method: 'motion', featureSetId: 0 };

const isThere = (estimate: Estimate | undefined): estimate is Estimate => estimate !== undefined;

/** One column per device. */
function Figures({ found }: { found: readonly Estimate[] }) {
  const rows: [string, (estimate: Estimate) => string][] = [
    ['Time', ({ seconds }) => rangeOfSeconds(seconds)],
    ['Most likely', ({ seconds }) => spokenSeconds(seconds.likely)],
    ['Memory', ({ memory }) => rangeOfBytes(memory)],
    ['Training steps', ({ steps }) => rangeOfSteps(steps)],
  ];
  const [{ machine }] = found;
  const all = [...new Set(found.flatMap((estimate) => estimate.sources))];
  return (
    <>
      <table className={styles.figures}>
        <thead className={found.length === 1 ? styles.hidden : undefined}>
          <tr>
            <th scope="col">
              <span className={styles.hidden}>What</span>
            </th>
            {found.map(({ device, deviceTitle }) => (
              <th key={device} scope="col">
                {deviceTitle}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, of]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {found.map((estimate) => (
                <td key={estimate.device} data-selectable="">
                  {of(estimate)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.source}>
        {all.map((source) => `${source}. `)}
        {[...new Set(found.flatMap(({ notes }) => notes))].map((note) => `${note} `)}
        {found.some(({ device }) => device !== 'cpu') && 'Memory of the graphics card is not counted. '}
        This machine has {bytes(machine.totalBytes)}, {bytes(machine.freeBytes)} of it free.
      </p>
    </>
  );
}
