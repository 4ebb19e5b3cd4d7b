// Renaming and removing a run. Role: two small dialogs. Limits: the engine refuses what must not be.
import { useState } from 'react';
import type { Run } from '../../../shared/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { ErrorLine } from '../../components/State.tsx';
import { TextField } from '../../components/TextField.tsx';
import { useAction } from '../../state/queries.ts';

export function RenameRunDialog({ run, onClose }: { run: Run; onClose(): void }) {
  const [name, setName] = useState(run.name);
  const rename = useAction('runs.rename', onClose);
  const apply = (): void => {
    if (name.trim() !== '') rename.run({ id: run.id, name: name.trim() });
  };
  return (
    <Dialog
      title="Rename run"
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" isDisabled={name.trim() === '' || rename.pending} onPress={apply}>
            Rename
          </Button>
        </>
      }
    >
      <TextField
        label="Name"
        autoFocus
        value={name}
        onChange={setName}
        onKeyDown={(event) => event.key === 'Enter' && apply()}
      />
      <ErrorLine error={rename.error} />
    </Dialog>
  );
}

export function RemoveRunDialog({
  run,
  onClose,
  onRemoved,
}: {
  run: Run;
  onClose(): void;
  onRemoved(): void;
}) {
  const remove = useAction('runs.remove', () => {
    onClose();
    onRemoved();
  });
  return (
    <Dialog
      title={`Remove ${run.name}?`}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Keep</Button>
          <Button variant="danger" isDisabled={remove.pending} onPress={() => remove.run({ id: run.id })}>
            Remove this run
          </Button>
        </>
      }
    >
      <p>
        Its scores, labels and model leave the project. This cannot be undone. Files already exported stay.
      </p>
      <ErrorLine error={remove.error} />
    </Dialog>
  );
}
