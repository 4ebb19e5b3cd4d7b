// Importing features computed elsewhere. Role: files and a name. Limits: the engine reads and matches the files.
import { useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { File } from '../../components/icons.tsx';
import { Select } from '../../components/Select.tsx';
import { ErrorLine } from '../../components/State.tsx';
import { TextField } from '../../components/TextField.tsx';
import { Switch } from '../../components/Toggle.tsx';
import { count, plural } from '../../format.ts';
import type { Grant } from '../../platform/bridge.ts';
import { useAction, useCall } from '../../state/queries.ts';
import { pickFiles } from '../picker/picker.ts';
import styles from './Library.module.css';

/** Features computed elsewhere: files or folders, and a name for the set. */
export function ImportFeaturesDialog({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  const [name, setName] = useState('');
  const [float16, setFloat16] = useState(false);
  const [shares, setShares] = useState(false);
  const [beside, setBeside] = useState<number | null>(null);
  const sets = useCall('features.list', {}, { enabled: isOpen }).data ?? [];
  const [grants, setGrants] = useState<readonly Grant[]>([]);
  const start = useAction('features.import', () => {
    setName('');
    setGrants([]);
    setBeside(null);
    onClose();
  });
  const missing =
    grants.length === 0 ? 'Choose the files first' : name.trim() === '' ? 'Give the set a name' : null;
  const choose = async (): Promise<void> => {
    const chosen = await pickFiles('features');
    if (chosen.length === 0) return;
    setGrants(chosen);
    if (name === '') setName(chosen[0].name.replace(/\.[^.]+$/, ''));
  };
  return (
    <Dialog
      title="Import ready features"
      isOpen={isOpen}
      onClose={onClose}
      footer={
        <>
          {missing && <span style={{ flex: 1, color: 'var(--ink-3)' }}>{missing}</span>}
          <Button onPress={onClose}>Cancel</Button>
          <Button
            variant="primary"
            isDisabled={missing !== null || start.pending}
            onPress={() =>
              start.run({
                grants: grants.map(({ grant }) => grant),
                name: name.trim(),
                segmentation: shares ? 'shares' : 'frames',
                float16,
                beside,
              })
            }
          >
            Import features
          </Button>
        </>
      }
    >
      <p style={{ color: 'var(--ink-2)' }}>
        One file per video: .npy as segments × numbers or segments × crops × numbers, or .txt with one segment
        per line. A file belongs to the video of the same name; without one, a video known only by its
        features is made.
      </p>
      <Button fill icon={<File />} onPress={() => void choose()}>
        {grants.length === 0
          ? 'Choose files or a folder…'
          : grants.length === 1
            ? grants[0].name
            : plural(grants.length, 'item')}
      </Button>
      <TextField
        label="Name of the set"
        value={name}
        onChange={setName}
        placeholder="For example: I3D, ten crops"
      />
      {sets.length > 0 && (
        <Select
          label="Beside other features"
          value={String(beside ?? '')}
          onChange={(id) => setBeside(id === '' ? null : Number(id))}
          choices={[
            { value: '', label: 'No: these alone' },
            ...sets.map((set) => ({
              value: String(set.id),
              label: set.name,
              note: `${plural(set.videos, 'video')}, ${count(set.dim)} numbers`,
            })),
          ]}
          hint="A second kind, such as sound: each file is brought to the segments of these features and put behind them, as a new set of both."
        />
      )}
      <div>
        <Switch apart isSelected={shares} isDisabled={beside !== null} onChange={setShares}>
          Vectors are equal shares of a video
        </Switch>
        <small className={styles.note}>
          Off: one vector per 16 frames. On: as many vectors for a short video as for a long one, as the 32 of
          UCF-Crime’s C3D. How long such a video is comes from its footage or from ground truth.
        </small>
      </div>
      <Switch isSelected={float16} onChange={setFloat16}>
        Store as half floats: half the space, about three digits
      </Switch>
      <ErrorLine error={start.error} />
    </Dialog>
  );
}
