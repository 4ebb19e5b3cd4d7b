// What made a run: configuration, provenance, timings.
import { useState } from 'react';
import type { RunDetail } from '../../../shared/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { Facts, Section } from '../../components/Panel.tsx';
import { bytes, duration, when } from '../../format.ts';
import { useCall } from '../../state/queries.ts';
import styles from './Runs.module.css';
import { flat, optionText } from './runs.ts';

export function RunFacts({ detail }: { detail: RunDetail }) {
  const sets = useCall('features.list', {}).data;
  const set = sets?.find((other) => other.id === detail.featureSetId);
  const options = useCall('runs.methods', { featureSetId: detail.featureSetId }).data?.find(
    (method) => method.name === detail.method,
  )?.options;
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(
      JSON.stringify({ method: detail.method, seed: detail.seed, config: detail.config }, null, 2),
    );
    setCopied(true);
  };
  const timings = Object.entries(detail.timings);
  const { peakBytes } = (detail.provenance.process ?? {}) as { peakBytes?: unknown };
  const provenance = Object.entries(detail.provenance).flatMap(flat);
  return (
    <>
      <Section title="Run">
        <Facts
          facts={[
            ['Features', set?.name ?? null],
            ['Seed', String(detail.seed)],
            ['Device', detail.device],
            ['Started', when(detail.createdAt)],
            ['Ended', detail.finishedAt === null ? null : when(detail.finishedAt)],
          ]}
        />
      </Section>
      <Section
        title="Configuration"
        aux={
          <Button small variant="quiet" onPress={() => void copy()}>
            {copied ? 'Copied' : 'Copy'}
          </Button>
        }
      >
        <Facts
          facts={Object.entries(detail.config).map(([key, value]) => {
            const option = options?.find((other) => other.key === key);
            return [option?.label ?? key, optionText(option, value)];
          })}
        />
      </Section>
      {timings.length > 0 && (
        <Section title="Time and memory taken">
          <Facts
            facts={[
              ...timings.map(([name, seconds]) => [name, duration(seconds)] as const),
              ['most memory', typeof peakBytes === 'number' ? bytes(peakBytes) : null],
            ]}
          />
        </Section>
      )}
      {provenance.length > 0 && (
        <Section title="Provenance">
          <Facts
            facts={provenance.map(([name, value]) => [
              name,
              <span key={name} className={styles.mono} title={value}>
                {value}
              </span>,
            ])}
          />
        </Section>
      )}
    </>
  );
}
