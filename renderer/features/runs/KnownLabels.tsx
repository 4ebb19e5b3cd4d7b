// Where a run gets known labels of whole videos from. Role: source, list file, and what that makes of the videos.
// Limits: shown only where the chosen options want such labels; the engine reads the list and matches names.
import type { Input, VideoLabelSource } from '../../../shared/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { File } from '../../components/icons.tsx';
import { Facts, Section } from '../../components/Panel.tsx';
import { Select } from '../../components/Select.tsx';
import { ErrorLine } from '../../components/State.tsx';
import { count } from '../../format.ts';
import type { Grant } from '../../platform/bridge.ts';
import { useCall } from '../../state/queries.ts';
import { pickFiles } from '../picker/picker.ts';
import styles from './NewRun.module.css';

export interface LabelChoice {
  source: VideoLabelSource;
  /** Kept while another source is chosen. */
  list: Grant | null;
}

const SOURCES = [
  { value: 'truth', label: 'Ground truth', note: 'A video with an interval is anomalous' },
  { value: 'reviewed', label: 'Reviewed videos', note: 'An accepted event, or watched to the end' },
  { value: 'list', label: 'A list of videos', note: 'Name and 0 or 1 per line; names that say Normal' },
] as const satisfies readonly { value: VideoLabelSource; label: string; note: string }[];

/** What the engine is asked for; null while the list is not chosen. */
export function labelsInput({ source, list }: LabelChoice): Input<'runs.create'>['videoLabels'] {
  if (source !== 'list') return { source };
  return list && { source, grant: list.grant };
}

export interface KnownLabelsProps {
  featureSetId: number;
  choice: LabelChoice;
  onChange(choice: LabelChoice): void;
}

export function KnownLabels({ featureSetId, choice, onChange }: KnownLabelsProps) {
  const input = labelsInput(choice);
  const known = useCall(
    'runs.knownLabels',
    { featureSetId, source: choice.source, grant: input?.grant ?? null },
    { enabled: input !== null },
  );
  const choose = async (): Promise<void> => {
    const [list] = await pickFiles('truth');
    if (list) onChange({ source: 'list', list });
  };
  const data = input === null ? undefined : known.data;
  return (
    <Section title="Known video labels" aux="for these options">
      <div className={styles.stack}>
        <Select
          label="Known video labels from"
          hideLabel
          value={choice.source}
          onChange={(source) => onChange({ ...choice, source })}
          choices={SOURCES}
        />
        {choice.source === 'list' && (
          <Button fill icon={<File />} onPress={() => void choose()}>
            {choice.list ? choice.list.name : 'Choose the list…'}
          </Button>
        )}
        {data && (
          <Facts
            facts={[
              ['Anomalous', count(data.anomalous)],
              ['Normal', count(data.normal)],
              ['Nothing known', count(data.unknown)],
              ['Lines that fit no video', data.unmatched > 0 ? count(data.unmatched) : null],
            ]}
          />
        )}
        {input !== null && <ErrorLine error={known.error} />}
      </div>
    </Section>
  );
}
