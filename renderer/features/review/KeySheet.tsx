// The list of keys, on `?`.
import { Dialog } from '../../components/Dialog.tsx';
import { Kbd } from '../../components/Kbd.tsx';
import styles from './KeySheet.module.css';
import { chordText, KEYMAP } from './keymap.ts';

const GROUPS = [...new Set(KEYMAP.map((key) => key.group))];

export function KeySheet({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  return (
    <Dialog title="Keys" isOpen={isOpen} onClose={onClose} width={720}>
      <div className={styles.sheet}>
        {GROUPS.map((group) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <dl>
              {KEYMAP.filter((key) => key.group === group).map((key) => (
                <div key={key.action}>
                  <dt>{key.text}</dt>
                  <dd>
                    {key.chords.map((chord) => (
                      <Kbd key={chord}>{chordText(chord)}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <p>
          On the timeline the wheel zooms at the pointer, with Shift it moves sideways. F6 goes from region to
          region. The keys work wherever focus is, except in a text field.
        </p>
      </div>
    </Dialog>
  );
}
