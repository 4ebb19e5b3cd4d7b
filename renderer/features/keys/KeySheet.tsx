// The list of keys, on `?`: what each one does, and another one for it. Role: shows and changes bindings, refuses what is
// taken, reads and writes them as a file. Limits: bindings take effect at once and are kept by state/bindings.ts.
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Button, IconButton } from '../../components/Button.tsx';
import { cx } from '../../components/cx.ts';
import { Dialog } from '../../components/Dialog.tsx';
import { Cross, Download, Plus, Undo, Upload } from '../../components/icons.tsx';
import { Kbd } from '../../components/Kbd.tsx';
import { ErrorLine } from '../../components/State.tsx';
import { plural } from '../../format.ts';
import {
  chordsUnder,
  exportKeys,
  importKeys,
  isWholeChord,
  type KeyAction,
  type KeyOverrides,
  keyOverrides,
  type Obstacle,
  obstacleTo,
  withChords,
} from '../../state/bindings.ts';
import { chordOf, thisKeyboard } from '../../state/chords.ts';
import { chordText } from '../review/keymap.ts';
import { KEY_ACTIONS } from './actions.ts';
import styles from './KeySheet.module.css';

const GROUPS = [...new Set(KEY_ACTIONS.map((key) => key.group))];

/** The action that waits for a key, and what stood in the way of the last one. */
interface Waiting {
  id: string;
  chord: string | null;
  obstacle: Obstacle | null;
}

export function KeySheet({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  return (
    <Dialog title="Keys" isOpen={isOpen} onClose={onClose} width={860}>
      <Sheet />
    </Dialog>
  );
}

function Sheet() {
  const overrides = keyOverrides.use((state) => state.value);
  const [waiting, setWaiting] = useState<Waiting | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const changed = Object.keys(overrides).length;

  const give = (action: KeyAction, chord: string, from: KeyOverrides): void => {
    const now = from[action.id] ?? action.chords;
    keyOverrides.set(withChords(from, action, [...new Set([...now, chord])]));
    setWaiting(null);
    setSaid(`${chordText(chord)}: ${action.text}`);
  };
  const press = (action: KeyAction, event: KeyboardEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    const chord = chordOf(event.nativeEvent, thisKeyboard());
    if (!isWholeChord(chord)) return;
    const obstacle = obstacleTo(chord, action, KEY_ACTIONS, overrides);
    if (obstacle) setWaiting({ id: action.id, chord, obstacle });
    else give(action, chord, overrides);
  };
  const take = (action: KeyAction, chord: string, from: KeyAction): void => {
    const left = (overrides[from.id] ?? from.chords).filter((other) => other !== chord);
    give(action, chord, withChords(overrides, from, left));
  };
  const read = async (chosen: File | undefined): Promise<void> => {
    if (!chosen) return;
    const result = importKeys(await chosen.text(), KEY_ACTIONS);
    setProblem('problem' in result ? result.problem : null);
    if ('problem' in result) return;
    keyOverrides.set(result.overrides);
    const left =
      result.unknown.length > 0
        ? ` ${plural(result.unknown.length, 'action')} of the file are not known here.`
        : '';
    setSaid(`Keys of ${chosen.name} are in use.${left}`);
  };

  return (
    <>
      <div className={styles.tools}>
        <Button small icon={<Download size={14} />} onPress={() => save(exportKeys(overrides))}>
          Export as JSON
        </Button>
        <Button small icon={<Upload size={14} />} onPress={() => file.current?.click()}>
          Import…
        </Button>
        <input
          ref={file}
          type="file"
          accept="application/json,.json"
          hidden
          aria-label="File with keys"
          onChange={(event) => {
            void read(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
        <Button
          small
          variant="quiet"
          icon={<Undo size={14} />}
          isDisabled={changed === 0}
          onPress={() => keyOverrides.set({})}
        >
          All as they came{changed > 0 && ` (${changed})`}
        </Button>
        <span role="status">{said}</span>
      </div>
      <ErrorLine error={problem === null ? null : { message: problem }} />
      <div className={styles.sheet}>
        {GROUPS.map((group) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <dl>
              {KEY_ACTIONS.filter((key) => key.group === group).map((action) => (
                <KeyLine
                  key={action.id}
                  action={action}
                  chords={chordsUnder(overrides, action.id, action.chords)}
                  isOwn={!(action.id in overrides)}
                  waiting={waiting?.id === action.id ? waiting : null}
                  onWait={(on) => setWaiting(on ? { id: action.id, chord: null, obstacle: null } : null)}
                  onKey={(event) => press(action, event)}
                  onTake={take}
                  onChords={(chords) => keyOverrides.set(withChords(overrides, action, chords))}
                />
              ))}
            </dl>
          </section>
        ))}
        <FixedKeys />
        <p>
          On the timeline the wheel zooms at the pointer, with Shift it moves sideways; a drag with Shift
          marks. The keys work wherever focus is, except in a text field.
        </p>
      </div>
    </>
  );
}

/** Keys that belong to a class or to a part of the page, and cannot be other ones. */
const FIXED: readonly {
  group: string;
  keys: readonly (readonly [keys: readonly string[], text: string])[];
}[] = [
  {
    group: 'Classes',
    keys: [
      [['1', '…', '9'], 'Accept as the class with this digit, or change the class; its dialog gives digits'],
    ],
  },
  {
    group: 'In dialogs',
    keys: [
      [['Ctrl Enter'], 'The main button'],
      [['Esc'], 'Close, and leave all as it was'],
      [['Enter'], 'Class: give it; note: Ctrl Enter saves'],
      [['1', '2', '3'], 'Differences of two reviews: settle for the first, the second, or unsure'],
      [['↑', '↓', 'Home', 'End'], 'Differences, Go to, lists: the line before or after, the first, the last'],
      [['←', '→'], 'History: a row older or newer, with focus on its slider'],
    ],
  },
];

function FixedKeys() {
  return FIXED.map(({ group, keys }) => (
    <section key={group} aria-label={group}>
      <h3>
        {group} <small>these stay as they are</small>
      </h3>
      <dl>
        {keys.map(([caps, text]) => (
          <div key={text}>
            <dt>{text}</dt>
            <dd>
              {caps.map((cap) => (
                <Kbd key={cap}>{cap}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  ));
}

interface KeyLineProps {
  action: KeyAction;
  chords: readonly string[];
  isOwn: boolean;
  waiting: Waiting | null;
  onWait(on: boolean): void;
  onKey(event: KeyboardEvent): void;
  onTake(action: KeyAction, chord: string, from: KeyAction): void;
  onChords(chords: readonly string[]): void;
}

function KeyLine({ action, chords, isOwn, waiting, onWait, onKey, onTake, onChords }: KeyLineProps) {
  const field = useRef<HTMLButtonElement>(null);
  const isWaiting = waiting !== null;
  useEffect(() => {
    if (isWaiting) field.current?.focus();
  }, [isWaiting]);
  const { obstacle, chord } = waiting ?? { obstacle: null, chord: null };
  return (
    <div className={cx(!isOwn && styles.changed)} data-action={action.id}>
      <dt>{action.text}</dt>
      <dd>
        {chords.map((one) => (
          <button
            key={one}
            type="button"
            className={styles.chord}
            aria-label={`${chordText(one)}: take it away from “${action.text}”`}
            title="Take this key away"
            onClick={() => onChords(chords.filter((other) => other !== one))}
          >
            <Kbd>{chordText(one)}</Kbd>
            <Cross size={12} />
          </button>
        ))}
        {isWaiting ? (
          <button
            ref={field}
            type="button"
            className={styles.waiting}
            aria-label={`Press the new key for “${action.text}”`}
            onKeyDown={onKey}
            onClick={() => onWait(false)}
          >
            Press a key
          </button>
        ) : (
          <IconButton
            small
            label={`Another key for “${action.text}”`}
            icon={<Plus size={12} />}
            isDisabled={chords.length >= 3}
            onPress={() => onWait(true)}
          />
        )}
        {!isOwn && (
          <IconButton
            small
            label={`“${action.text}” as it came`}
            icon={<Undo size={12} />}
            onPress={() => onChords(action.chords)}
          />
        )}
      </dd>
      {obstacle && chord && (
        <div className={styles.obstacle} role="alert">
          {obstacle.kind === 'reserved' ? (
            `${obstacle.why} Press another key.`
          ) : (
            <>
              {chordText(chord)} is “{obstacle.by.text}”.
              <Button small onPress={() => onTake(action, chord, obstacle.by)}>
                Take it from there
              </Button>
            </>
          )}
        </div>
      )}
    </div>
  );
}

/** Saves a text as a file, as a browser does. */
function save(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'zerolabel-keys.json';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
