// Labels from elsewhere. Role: what was imported, a way in, a way out. Limits: what they hold is shown by choosing them.
import { useState } from 'react';
import type { LabelLayer } from '../../../shared/contract/index.ts';
import { Button, IconButton } from '../../components/Button.tsx';
import { Download, Trash } from '../../components/icons.tsx';
import { ErrorLine } from '../../components/State.tsx';
import { plural } from '../../format.ts';
import { useAction } from '../../state/queries.ts';
import styles from './Export.module.css';
import { ImportLabelsDialog } from './ImportLabelsDialog.tsx';

export function LayerList({ layers }: { layers: readonly LabelLayer[] }) {
  const [importing, setImporting] = useState(false);
  const [asked, setAsked] = useState<number | null>(null);
  const remove = useAction('layers.remove', () => setAsked(null));
  return (
    <div className={styles.block}>
      <h2>Labels from elsewhere</h2>
      {layers.map((layer) => (
        <div key={layer.id} className={styles.layer}>
          <span>
            <b title={layer.source}>{layer.name}</b>
            <small>
              {plural(layer.events, 'event')} in {plural(layer.videos, 'video')}
            </small>
          </span>
          {asked === layer.id ? (
            <Button small variant="danger" onPress={() => remove.run({ id: layer.id })}>
              Remove it
            </Button>
          ) : (
            <IconButton
              small
              label={`Remove ${layer.name}`}
              icon={<Trash size={14} />}
              onPress={() => setAsked(layer.id)}
            />
          )}
        </div>
      ))}
      <Button small icon={<Download size={14} />} onPress={() => setImporting(true)}>
        Import labels…
      </Button>
      <ErrorLine error={remove.error} />
      <ImportLabelsDialog isOpen={importing} onClose={() => setImporting(false)} />
    </div>
  );
}
