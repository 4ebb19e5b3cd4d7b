// Ctrl+K: to a video, a run or a screen by typing a part of its name, and everything that can be done here.
import { useId, useState } from 'react';
import { useLocation } from 'wouter';
import { Dialog } from '../../components/Dialog.tsx';
import { Activity, Film, Grid, Keyboard, Search } from '../../components/icons.tsx';
import { TextField } from '../../components/TextField.tsx';
import { commandsOf, useCommandList } from '../../state/commands.ts';
import { useRunChoice } from '../../state/project.ts';
import { useCall } from '../../state/queries.ts';
import { type Find, findPlaces } from './find.ts';
import styles from './Shell.module.css';

const ICONS = { screen: Grid, video: Film, run: Activity, command: Keyboard } as const;

export function GoToDialog({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  return (
    <Dialog title="Go to" isOpen={isOpen} onClose={onClose} width={560} flush>
      <Finder onClose={onClose} />
    </Dialog>
  );
}

function Finder({ onClose }: { onClose(): void }) {
  const [, go] = useLocation();
  const { known, run, runs } = useRunChoice();
  const videos = useCall('videos.list', { runId: run?.id ?? null }, { enabled: known }).data ?? [];
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const listId = useId();
  const commands = commandsOf(useCommandList((state) => state.sets));
  const finds = findPlaces(text, videos, runs, run, commands);
  const current = Math.min(at, finds.length - 1);
  const open = (find: Find | undefined): void => {
    if (!find) return;
    onClose();
    if (find.to !== null) go(find.to);
    // After the dialog is gone: a command may open another one, or want the focus.
    else setTimeout(() => commands.find(({ id }) => `command-${id}` === find.id)?.run());
  };
  return (
    <>
      <div className={styles.findField}>
        <TextField
          label="Name of a video, run, screen or command"
          hideLabel
          autoFocus
          value={text}
          placeholder="Video, run, screen or command"
          icon={<Search size={14} />}
          onChange={(next) => {
            setText(next);
            setAt(0);
          }}
          onKeyDown={(event) => {
            const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
            if (step !== 0) {
              event.preventDefault();
              setAt((current + step + finds.length) % Math.max(1, finds.length));
            } else if (event.key === 'Enter') open(finds[current]);
          }}
        />
      </div>
      <div className={styles.finds} role="listbox" id={listId} aria-label="Found">
        {finds.length === 0 && <p className={styles.empty}>Nothing has all of these words in its name.</p>}
        {finds.map((find, index) => {
          const Icon = ICONS[find.kind];
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above moves and opens with the keyboard
            <div
              key={find.id}
              role="option"
              tabIndex={-1}
              aria-selected={index === current}
              className={styles.find}
              ref={(element) => {
                if (index === current) element?.scrollIntoView({ block: 'nearest' });
              }}
              onClick={() => open(find)}
            >
              <Icon size={14} />
              <span>{find.text}</span>
              <small>{find.note}</small>
            </div>
          );
        })}
      </div>
      <p className="sr-only" role="status">
        {finds[current]
          ? `${finds[current].text}, ${finds[current].note}, ${current + 1} of ${finds.length}`
          : 'Nothing found'}
      </p>
    </>
  );
}
