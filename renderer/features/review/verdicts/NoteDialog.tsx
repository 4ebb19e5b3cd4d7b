// A note on an event. Role: several lines of text, kept on Ctrl Enter. Limits: one note for an event.
import { useState } from 'react';
import { Button } from '../../../components/Button.tsx';
import { Dialog } from '../../../components/Dialog.tsx';
import styles from './NoteDialog.module.css';

export interface NoteDialogProps {
  /** What the note is on, in words; null closes the dialog. */
  of: string | null;
  text: string;
  onClose(): void;
  onSave(text: string): void;
}

export function NoteDialog({ of, text, onClose, onSave }: NoteDialogProps) {
  return (
    <Dialog title="Note" isOpen={of !== null} onClose={onClose} width={440}>
      {of !== null && <NoteField of={of} text={text} onClose={onClose} onSave={onSave} />}
    </Dialog>
  );
}

function NoteField({ of, text, onClose, onSave }: NoteDialogProps & { of: string }) {
  const [draft, setDraft] = useState(text);
  const save = (): void => {
    if (draft !== text) onSave(draft);
    onClose();
  };
  return (
    <div className={styles.all}>
      <label className={styles.label}>
        {of}
        <textarea
          className={styles.text}
          // biome-ignore lint/a11y/noAutofocus: the dialog was opened to write here
          autoFocus
          rows={5}
          maxLength={10_000}
          value={draft}
          onChange={(event) => setDraft(event.currentTarget.value)}
        />
      </label>
      <div className={styles.foot}>
        <Button onPress={onClose}>Leave as it was</Button>
        <Button variant="primary" onPress={save}>
          Keep
        </Button>
      </div>
    </div>
  );
}
