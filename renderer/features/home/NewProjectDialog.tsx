// Making a project. Role: name and place, and why it cannot be made yet. Limits: the engine checks the name.
import { useState } from 'react';
import type { Project } from '../../../shared/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Folder } from '../../components/icons.tsx';
import { ErrorLine } from '../../components/State.tsx';
import { TextField } from '../../components/TextField.tsx';
import type { Grant } from '../../platform/bridge.ts';
import { useAction } from '../../state/queries.ts';
import { pickFolder } from '../picker/picker.ts';

export interface NewProjectDialogProps {
  isOpen: boolean;
  onClose(): void;
  onMade(project: Project): void;
}

/** A project is a new folder: its name and the folder it is made in. */
export function NewProjectDialog({ isOpen, onClose, onMade }: NewProjectDialogProps) {
  const [name, setName] = useState('');
  const [place, setPlace] = useState<Grant | null>(null);
  const create = useAction('projects.create', (project) => {
    onClose();
    onMade(project);
  });
  const missing =
    name.trim() === ''
      ? 'Give the project a name first'
      : place === null
        ? 'Choose where its folder goes'
        : null;
  const make = (): void => {
    if (place && !missing) create.run({ grant: place.grant, name: name.trim() });
  };
  const choose = async (): Promise<void> => {
    const folder = await pickFolder('project-parent');
    if (folder) setPlace(folder);
  };
  return (
    <Dialog
      title="New project"
      isOpen={isOpen}
      onClose={onClose}
      footer={
        <>
          {missing && <span style={{ flex: 1, color: 'var(--ink-3)' }}>{missing}</span>}
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" isDisabled={missing !== null || create.pending} onPress={make}>
            Make project
          </Button>
        </>
      }
    >
      <TextField
        label="Name"
        autoFocus
        value={name}
        onChange={setName}
        placeholder="For example: North gate, autumn"
        onKeyDown={(event) => event.key === 'Enter' && make()}
      />
      <div style={{ display: 'grid', gap: 'var(--s-4)' }}>
        <span style={{ color: 'var(--ink-2)' }}>Made in</span>
        <Button fill icon={<Folder />} onPress={() => void choose()}>
          {place ? place.name : 'Choose a folder…'}
        </Button>
      </div>
      <p style={{ color: 'var(--ink-3)' }}>
        The project folder will hold labels, scores, features and pictures. Videos are read where they are and
        never changed.
      </p>
      <ErrorLine error={create.error} />
    </Dialog>
  );
}
