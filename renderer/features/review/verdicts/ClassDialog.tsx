// Classes of the project. Role: choose one for the event, name new ones, give them keys, rename and remove them.
// Limits: events keep the name of a class that was removed, so nothing that was said is lost.
import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { ReviewClass } from '../../../../shared/contract/index.ts';
import { Button, IconButton } from '../../../components/Button.tsx';
import { Dialog } from '../../../components/Dialog.tsx';
import { Check, Plus, Trash } from '../../../components/icons.tsx';
import { Select } from '../../../components/Select.tsx';
import { TextField } from '../../../components/TextField.tsx';
import { classColour } from '../../../styles/palette.ts';
import styles from './ClassDialog.module.css';

const COLOUR_NAMES = ['red', 'yellow', 'green', 'cyan', 'blue', 'violet', 'pink', 'sand'] as const;
const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

export interface ClassDialogProps {
  isOpen: boolean;
  onClose(): void;
  classes: readonly ReviewClass[];
  /** The class of the event, null for none. */
  chosen: string | null;
  /** Gives the event a class; one that is new is added to the list. */
  onChoose(name: string): void;
  onChange(classes: ReviewClass[], renamed: Record<string, string>): void;
}

export function ClassDialog({ isOpen, onClose, classes, chosen, onChoose, onChange }: ClassDialogProps) {
  const [name, setName] = useState('');
  const wanted = name.trim();
  const add = (): void => {
    if (wanted === '') return;
    onChoose(wanted);
    setName('');
    onClose();
  };
  return (
    <Dialog
      title="Classes"
      isOpen={isOpen}
      onClose={onClose}
      width={440}
      footer={<Button onPress={onClose}>Done</Button>}
    >
      <div className={styles.all}>
        <div className={styles.new}>
          <TextField
            label="Class of this event"
            autoFocus
            value={name}
            onChange={setName}
            placeholder="a new name, or one of those below"
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              add();
            }}
          />
          <Button icon={<Plus size={14} />} isDisabled={wanted === ''} onPress={add}>
            Give
          </Button>
        </div>
        {classes.length === 0 ? (
          <p className={styles.none}>
            No class has a name yet. A class is one word for what happens in an event, such as vehicle or
            fall; its digit accepts an event and names it in one key.
          </p>
        ) : (
          <ul className={styles.list} aria-label="Classes of this project">
            {classes.map((one) => (
              <ClassLine
                key={one.name}
                one={one}
                classes={classes}
                chosen={chosen === one.name}
                onChoose={() => {
                  onChoose(one.name);
                  onClose();
                }}
                onChange={onChange}
              />
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}

interface ClassLineProps {
  one: ReviewClass;
  classes: readonly ReviewClass[];
  chosen: boolean;
  onChoose(): void;
  onChange(classes: ReviewClass[], renamed: Record<string, string>): void;
}

function ClassLine({ one, classes, chosen, onChoose, onChange }: ClassLineProps) {
  const [draft, setDraft] = useState(one.name);
  const name = draft.trim();
  const taken = name !== one.name && classes.some((other) => other.name === name);
  const replace = (next: ReviewClass, renamed: Record<string, string>): void =>
    onChange(
      classes.map((other) =>
        other.name === one.name
          ? next
          : next.key !== null && other.key === next.key
            ? { ...other, key: one.key } // keys change places
            : other,
      ),
      renamed,
    );
  return (
    <li className={styles.line}>
      <AriaButton
        className={styles.colour}
        style={{ '--class': `var(--${classColour(one.colour)})` }}
        aria-label={`Colour of ${one.name}, ${COLOUR_NAMES[one.colour % 8]}; the next one`}
        onPress={() => replace({ ...one, colour: (one.colour + 1) % 8 }, {})}
      />
      <TextField
        label={`Name of ${one.name}`}
        hideLabel
        value={draft}
        onChange={setDraft}
        error={taken ? 'Another class has this name.' : null}
        onBlur={() => {
          if (name === '' || taken) setDraft(one.name);
          else if (name !== one.name) replace({ ...one, name }, { [one.name]: name });
        }}
      />
      <Select
        label={`Key of ${one.name}`}
        hideLabel
        value={one.key ?? 'none'}
        choices={[{ value: 'none', label: 'No key' }, ...KEYS.map((key) => ({ value: key, label: key }))]}
        onChange={(key) => replace({ ...one, key: key === 'none' ? null : key }, {})}
      />
      <Button small on={chosen} icon={<Check size={14} />} onPress={onChoose}>
        Give
      </Button>
      <IconButton
        small
        label={`Remove ${one.name}; events keep the name`}
        icon={<Trash size={14} />}
        onPress={() =>
          onChange(
            classes.filter((other) => other.name !== one.name),
            {},
          )
        }
      />
    </li>
  );
}
