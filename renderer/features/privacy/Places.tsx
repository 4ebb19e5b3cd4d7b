// Where data lies. Role: every place with size and meaning, and what can be done there. Limits: sizes are of the last look;
// only the cache can be deleted from here, because everything else is somebody's work.
import { useState } from 'react';
import type { DataPlace } from '../../../shared/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Panel } from '../../components/Panel.tsx';
import { ErrorLine } from '../../components/State.tsx';
import { bytes, count } from '../../format.ts';
import { bridge } from '../../platform/bridge.ts';
import { useAction } from '../../state/queries.ts';
import styles from './Privacy.module.css';

export function Places({ places, onChange }: { places: readonly DataPlace[]; onChange(): void }) {
  const [asking, setAsking] = useState(false);
  const clear = useAction('privacy.clearCache', () => {
    setAsking(false);
    onChange();
  });
  const total = places.reduce((sum, place) => sum + place.bytes, 0);
  return (
    <Panel className={styles.panel}>
      <h2>
        Where data lies
        <small>{bytes(total)} in all. Footage stays where it was imported from and is never copied.</small>
      </h2>
      <table className={styles.table}>
        <caption className="sr-only">Places with data</caption>
        <thead>
          <tr>
            <th scope="col">Place</th>
            <th scope="col" className={styles.number}>
              Files
            </th>
            <th scope="col" className={styles.number}>
              Size
            </th>
            <th scope="col">What it is</th>
            <th scope="col">Path</th>
            <th scope="col">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {places.map((place) => (
            <tr key={place.key}>
              <th scope="row">{place.title}</th>
              <td className={styles.number}>{count(place.files)}</td>
              <td className={styles.number}>{bytes(place.bytes)}</td>
              <td className={styles.wrap}>{place.what}</td>
              <td className={styles.path} title={place.path} data-selectable="">
                {place.path}
              </td>
              <td className={styles.actions}>
                <PlaceAction place={place} onClear={() => setAsking(true)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Dialog
        title="Clear the cache"
        isOpen={asking}
        onClose={() => setAsking(false)}
        footer={
          <>
            <ErrorLine error={clear.error} />
            <Button onPress={() => setAsking(false)}>Keep it</Button>
            <Button variant="danger" isDisabled={clear.pending} onPress={() => clear.run({})}>
              Clear the cache
            </Button>
          </>
        }
      >
        <p>
          Objects that were cut out of the footage are deleted. A training that needs them cuts them again,
          which takes as long as the first time. Nothing else is touched.
        </p>
      </Dialog>
    </Panel>
  );
}

function PlaceAction({ place, onClear }: { place: DataPlace; onClear(): void }) {
  const [copied, setCopied] = useState(false);
  if (place.key === 'cache' && place.files > 0)
    return (
      <Button small onPress={onClear}>
        Clear…
      </Button>
    );
  const native = bridge();
  const target = place.key === 'exports' ? 'exports' : place.key === 'database' ? 'project' : null;
  if (native && target)
    return (
      <Button small variant="quiet" onPress={() => native.reveal(target)}>
        Show
      </Button>
    );
  return (
    <Button
      small
      variant="quiet"
      onPress={() => void navigator.clipboard.writeText(place.path).then(() => setCopied(true))}
    >
      {copied ? 'Copied' : 'Copy path'}
    </Button>
  );
}
