// Weights trained elsewhere, in place of training. Role: the folder, what is in it, and the way back. Limits: shown only
// where the chosen options have a network that can take them; whether they fit it is known when the run starts.
import { Button } from '../../components/Button.tsx';
import { Folder } from '../../components/icons.tsx';
import { Facts, Section } from '../../components/Panel.tsx';
import { ErrorLine } from '../../components/State.tsx';
import { count } from '../../format.ts';
import type { Grant } from '../../platform/bridge.ts';
import { useCall } from '../../state/queries.ts';
import { pickFolder } from '../picker/picker.ts';
import styles from './NewRun.module.css';

export interface ForeignWeightsProps {
  network: string;
  /** Null: the run trains. */
  folder: Grant | null;
  onChange(folder: Grant | null): void;
}

/** What the folder holds; asked only when there is one. */
export const useWeights = (folder: Grant | null) =>
  useCall('runs.weights', { grant: folder?.grant ?? '' }, { enabled: folder !== null });

export function ForeignWeights({ network, folder, onChange }: ForeignWeightsProps) {
  const found = useWeights(folder);
  const choose = async (): Promise<void> => {
    const picked = await pickFolder('weights');
    if (picked) onChange(picked);
  };
  return (
    <Section title="Weights" aux={folder ? 'nothing is trained' : 'trained by this run'}>
      <div className={styles.stack}>
        <Button fill icon={<Folder />} onPress={() => void choose()}>
          {folder ? folder.name : 'Take trained ones…'}
        </Button>
        {folder === null && (
          <p className={styles.quiet}>
            {network} can score with weights trained elsewhere: a folder with one .npy file per tensor of the
            state dictionary, named like it.
          </p>
        )}
        {folder && found.data && (
          <Facts
            facts={[
              ['Tensors', count(found.data.tensors)],
              ['Numbers', count(found.data.numbers)],
            ]}
          />
        )}
        {folder && <ErrorLine error={found.error} />}
        {folder && (
          <Button small variant="quiet" onPress={() => onChange(null)}>
            Train instead
          </Button>
        )}
      </div>
    </Section>
  );
}
