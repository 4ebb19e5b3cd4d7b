// Giving the project ground truth from the quality screen. Role: choose a file, and which of its lists where it has some.
import { useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { File } from '../../components/icons.tsx';
import { ErrorLine } from '../../components/State.tsx';
import { plural } from '../../format.ts';
import type { Grant } from '../../platform/bridge.ts';
import { useAction } from '../../state/queries.ts';
import { pickFiles } from '../picker/picker.ts';
import { truthKeys } from '../runs/runs.ts';
import styles from './Quality.module.css';

export function TruthButton() {
  const [file, setFile] = useState<Grant | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const take = useAction('truth.import', ({ name, matched }) =>
    setSaid(`${name}: ${plural(matched, 'video')} matched.`),
  );
  const choose = async (): Promise<void> => {
    const [chosen] = await pickFiles('truth');
    if (!chosen) return;
    setFile(chosen);
    take.run({ grant: chosen.grant });
  };
  const keys = truthKeys(take.error);
  return (
    <div className={styles.truth}>
      {keys.length > 0 && file ? (
        <>
          <span>{file.name} holds several ground truths. Which one?</span>
          {keys.map((key) => (
            <Button key={key} small onPress={() => take.run({ grant: file.grant, key })}>
              {key}
            </Button>
          ))}
        </>
      ) : (
        <Button small icon={<File size={14} />} isDisabled={take.pending} onPress={() => void choose()}>
          Choose a ground-truth file…
        </Button>
      )}
      {keys.length === 0 && <ErrorLine error={take.error} />}
      {said && <span role="status">{said}</span>}
    </div>
  );
}
