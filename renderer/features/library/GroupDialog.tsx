// Camera and tags of the selected videos. Role: names for groups, also from the folders they lie in. Limits: the engine
// keeps them; nothing here touches a file.
import { useState } from 'react';
import type { VideoRow } from '../../../shared/contract/index.ts';
import { Chip } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Folder } from '../../components/icons.tsx';
import { ErrorLine } from '../../components/State.tsx';
import { TextField } from '../../components/TextField.tsx';
import { plural } from '../../format.ts';
import { useClient } from '../../platform/context.tsx';
import { useAction } from '../../state/queries.ts';
import styles from './Library.module.css';
import { folderOf, namesOf } from './rows.ts';

export interface GroupDialogProps {
  /** Empty while the dialog is closed. */
  videos: readonly VideoRow[];
  /** All videos, for the names that are in use. */
  all: readonly VideoRow[];
  onClose(): void;
}

export function GroupDialog({ videos, all, onClose }: GroupDialogProps) {
  return (
    <Dialog
      title={videos.length === 1 ? `Group ${videos[0].relPath}` : `Group ${plural(videos.length, 'video')}`}
      isOpen={videos.length > 0}
      onClose={onClose}
      footer={<Button onPress={onClose}>Done</Button>}
    >
      <Groups videos={videos} all={all} />
    </Dialog>
  );
}

function Groups({ videos, all }: { videos: readonly VideoRow[]; all: readonly VideoRow[] }) {
  const client = useClient();
  const ids = videos.map(({ id }) => id);
  const fresh = all.filter(({ id }) => ids.includes(id));
  const cameras = namesOf(all, ({ camera }) => (camera === null ? [] : [camera]));
  const tags = namesOf(all, (video) => video.tags);
  const own = new Set(fresh.map(({ camera }) => camera));
  const [camera, setCamera] = useState('');
  const [tag, setTag] = useState('');
  const setOf = useAction('videos.setCamera', () => setCamera(''));
  const tagging = useAction('videos.tag', () => setTag(''));
  const fromFolders = (): void => {
    for (const [folder, members] of Map.groupBy(fresh, ({ relPath }) => folderOf(relPath))) {
      if (folder !== '')
        void client.call('videos.setCamera', { ids: members.map(({ id }) => id), camera: folder });
    }
  };
  const has = (name: string) => fresh.every((video) => video.tags.includes(name));
  return (
    <div className={styles.groups}>
      <section>
        <h3>Camera</h3>
        <div className={styles.chips}>
          {cameras.map((name) => (
            <Chip
              key={name}
              selected={own.size === 1 && own.has(name)}
              onChange={(on) => setOf.run({ ids, camera: on ? name : null })}
            >
              {name}
            </Chip>
          ))}
        </div>
        <form
          className={styles.adding}
          onSubmit={(event) => {
            event.preventDefault();
            if (camera.trim() !== '') setOf.run({ ids, camera: camera.trim() });
          }}
        >
          <TextField
            label="Another camera"
            hideLabel
            value={camera}
            onChange={setCamera}
            placeholder="Another camera"
          />
          <Button type="submit" isDisabled={camera.trim() === '' || setOf.pending}>
            Set
          </Button>
        </form>
        <Button small variant="quiet" icon={<Folder size={14} />} onPress={fromFolders}>
          From their folders
        </Button>
        <ErrorLine error={setOf.error} />
      </section>
      <section>
        <h3>Tags</h3>
        <div className={styles.chips}>
          {tags.map((name) => (
            <Chip
              key={name}
              selected={has(name)}
              onChange={(on) => tagging.run({ ids, add: on ? [name] : [], remove: on ? [] : [name] })}
            >
              {name}
            </Chip>
          ))}
        </div>
        <form
          className={styles.adding}
          onSubmit={(event) => {
            event.preventDefault();
            if (tag.trim() !== '') tagging.run({ ids, add: [tag.trim()] });
          }}
        >
          <TextField label="Another tag" hideLabel value={tag} onChange={setTag} placeholder="Another tag" />
          <Button type="submit" isDisabled={tag.trim() === '' || tagging.pending}>
            Add
          </Button>
        </form>
        <ErrorLine error={tagging.error} />
      </section>
    </div>
  );
}
