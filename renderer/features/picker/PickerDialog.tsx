// The page's own file picker, for hosts without native dialogs. Role: walks the folders the server offers.
import { type KeyboardEvent, useState } from 'react';
import { GridList, GridListItem, type Selection } from 'react-aria-components';
import { Button, IconButton } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { ChevronLeft, File, Film, Folder, FolderOpen } from '../../components/icons.tsx';
import { ErrorState, LoadingRows } from '../../components/State.tsx';
import { bytes, plural } from '../../format.ts';
import type { Purpose } from '../../platform/bridge.ts';
import { useCall } from '../../state/queries.ts';
import styles from './PickerDialog.module.css';
import { type PickerQuestion, showsPlace, takesFolders, usePickerQuestion } from './picker.ts';

const TITLES: Record<Purpose, string> = {
  videos: 'Choose videos or a folder of videos',
  features: 'Choose feature files or their folder',
  detections: 'Choose boxes or poses, or their folder',
  weights: 'Choose the folder with the weights',
  labels: 'Choose labels',
  truth: 'Choose a ground-truth file',
  project: 'Open a project',
  'project-parent': 'Where should the project folder be made?',
  export: 'Where should the labels be written?',
};
export function PickerDialog() {
  const question = usePickerQuestion((state) => state.question);
  if (!question) return null;
  return <Picking key={`${question.purpose} ${question.what}`} question={question} />;
}

function Picking({ question }: { question: PickerQuestion }) {
  const { purpose, what, answer } = question;
  const [grant, setGrant] = useState<string | null>(null);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const { data, error, refetch } = useCall('places.list', { grant }, { keepPrevious: true, fresh: true });
  const entries = data?.entries.filter((place) => showsPlace(purpose, what, place.kind)) ?? [];
  const selected = entries.filter((place) => chosen.includes(place.grant));

  const open = (to: string | null): void => {
    setChosen([]);
    setGrant(to);
  };
  const enter = (key: string): void => {
    const place = entries.find((entry) => entry.grant === key);
    if (!place) return;
    if (purpose === 'project' && place.kind === 'project') answer([place]);
    else if (place.kind === 'folder' || place.kind === 'project') open(place.grant);
    else answer([place]);
  };
  // Without a selection the folder in view is meant; among files not the topmost one, which holds too much.
  const meant = what === 'folder' || (data?.parent && entries.length > 0 && takesFolders(purpose));
  const here = meant && data?.grant ? [{ grant: data.grant, name: data.name }] : [];
  const result = selected.length > 0 ? selected : here;
  const misses = purpose === 'project' && !selected.some((place) => place.kind === 'project');
  const doIt = purpose === 'project' ? 'Open' : 'Choose';
  const refused = result.length === 0 || misses;
  const hasAbove = data !== undefined && (data.parent !== null || grant !== null);
  const above = (): void => open(data?.parent ?? null);
  const goUp = (event: KeyboardEvent): void => {
    if (event.key !== 'Backspace' && !(event.altKey && event.key === 'ArrowUp')) return;
    event.preventDefault();
    if (hasAbove) above();
  };
  return (
    <Dialog
      title={TITLES[purpose]}
      isOpen
      onClose={() => answer([])}
      width={620}
      flush
      footer={
        <>
          <span className={styles.note}>
            {selected.length > 0
              ? `${plural(selected.length, 'item')} chosen`
              : misses
                ? 'Choose a folder that holds a project'
                : here.length > 0
                  ? `This folder: ${here[0].name}`
                  : what === 'folder'
                    ? 'Choose a folder'
                    : 'Folders are taken with everything inside'}
          </span>
          <Button onPress={() => answer([])}>Cancel</Button>
          <Button variant="primary" isDisabled={refused} onPress={() => answer(result)}>
            {doIt}
          </Button>
        </>
      }
    >
      <div onKeyDownCapture={goUp}>
        <div className={styles.path}>
          <IconButton
            small
            label="Folder above"
            icon={<ChevronLeft />}
            kbd="Backspace"
            isDisabled={!hasAbove}
            onPress={above}
          />
          <FolderOpen />
          <span className={styles.name} title={data?.name}>
            {data?.name ?? ' '}
          </span>
        </div>
        {error ? (
          <ErrorState
            title="This folder cannot be read"
            error={error}
            onRetry={() => void refetch()}
            actions={<Button onPress={() => open(null)}>Back to the start</Button>}
          />
        ) : !data ? (
          <LoadingRows rows={8} height={30} label="Reading the folder" />
        ) : (
          <GridList
            // A list of its own for each folder: it has the focus at once, and nothing is chosen before an arrow is pressed.
            key={data.grant ?? ''}
            autoFocus
            aria-label={data.name}
            className={styles.list}
            items={entries.map((place) => ({ ...place, id: place.grant }))}
            selectionMode={what === 'folder' ? 'single' : 'multiple'}
            selectionBehavior="replace"
            selectedKeys={chosen}
            onSelectionChange={(keys: Selection) =>
              setChosen(keys === 'all' ? entries.map((e) => e.grant) : [...keys].map(String))
            }
            onAction={(key) => enter(String(key))}
            renderEmptyState={() => <div className={styles.empty}>Nothing here that fits.</div>}
          >
            {(place) => (
              <GridListItem textValue={place.name} className={styles.item}>
                {place.kind === 'video' ? (
                  <Film />
                ) : place.kind === 'folder' || place.kind === 'project' ? (
                  <Folder />
                ) : (
                  <File />
                )}
                <span className={styles.text}>{place.name}</span>
                <span className={styles.size}>
                  {place.kind === 'project' ? 'Project' : place.bytes > 0 ? bytes(place.bytes) : ''}
                </span>
              </GridListItem>
            )}
          </GridList>
        )}
      </div>
    </Dialog>
  );
}
