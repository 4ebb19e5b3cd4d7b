// All videos of the project. Role: import, see what each video holds and what the chosen run says, find the next step.
import { type DragEvent, useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { ExtractorName, Run, VideoRow } from '../../../shared/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { cx } from '../../components/cx.ts';
import {
  Activity,
  ChevronDown,
  Download,
  File,
  Film,
  Folder,
  Grid,
  List,
  Search,
  Sort,
  Tag,
  Warning,
} from '../../components/icons.tsx';
import { Menu } from '../../components/Menu.tsx';
import { Select } from '../../components/Select.tsx';
import { EmptyState, ErrorLine, ErrorState, LoadingRows } from '../../components/State.tsx';
import { TextField } from '../../components/TextField.tsx';
import { Segments } from '../../components/Toggle.tsx';
import { count, plural } from '../../format.ts';
import { keyOverrides } from '../../state/bindings.ts';
import { useCommands } from '../../state/commands.ts';
import { activeJobs, useJobs } from '../../state/jobs.ts';
import { useKeys } from '../../state/keys.ts';
import { useRunChoice } from '../../state/project.ts';
import { useAction, useCall } from '../../state/queries.ts';
import { InStatusBar } from '../../state/status.tsx';
import { bind, kbdOf, LIBRARY_KEYS } from '../keys/actions.ts';
import { grantsOf, pickFiles } from '../picker/picker.ts';
import { allCores, libraryForm, perCamera } from './choices.ts';
import { DetectionsDialog } from './DetectionsDialog.tsx';
import { ExtractMenu } from './ExtractMenu.tsx';
import { GroupDialog } from './GroupDialog.tsx';
import { ImportFeaturesDialog } from './ImportFeaturesDialog.tsx';
import { JobNotice } from './JobNotice.tsx';
import styles from './Library.module.css';
import { LibrarySide } from './LibrarySide.tsx';
import { RemoveDialog } from './RemoveDialog.tsx';
import { arrange, nextExtractor, type Order, shownNumber, type View } from './rows.ts';
import { useKnown } from './use-known.ts';
import { VideoGrid } from './VideoGrid.tsx';
import { VideoTable } from './VideoTable.tsx';

const ORDERS: readonly { value: Order; label: string }[] = [
  { value: 'name', label: 'By name' },
  { value: 'camera', label: 'By camera' },
  { value: 'events', label: 'Most events' },
  { value: 'left', label: 'Most left to decide' },
  { value: 'watched', label: 'Least watched' },
  { value: 'score', label: 'Highest score' },
  { value: 'mean', label: 'Highest mean score' },
  { value: 'length', label: 'Longest' },
  { value: 'newest', label: 'Newest import' },
];

/** The orders there are: with several runs also where they are apart, and by the scores of each. */
function ordersOf(run: Run | null, runs: readonly Run[]): typeof ORDERS {
  const others = runs.filter((other) => other.state === 'done' && other.id !== run?.id);
  if (!run || others.length === 0) return ORDERS;
  return [
    ...ORDERS,
    { value: 'disagree', label: 'Runs disagree most' },
    ...others.flatMap(({ id, name }) => [
      { value: `max ${id}` as const, label: `Highest score of ${name}` },
      { value: `mean ${id}` as const, label: `Highest mean of ${name}` },
    ]),
  ];
}

const EVERYTHING: View = {
  state: 'all',
  review: null,
  folder: null,
  camera: null,
  tag: null,
  text: '',
  order: 'name',
};

export function LibraryScreen() {
  const [, go] = useLocation();
  const { known, run, runs, choose } = useRunChoice();
  const beside = perCamera.use((state) => state.value);
  const form = libraryForm.use((state) => state.value);
  const { data, error, refetch } = useCall(
    'videos.list',
    { runId: run?.id ?? null, ...(beside && { perCamera: true }) },
    { enabled: known, keepPrevious: true },
  );
  // A list without the scores of the run would be shown for a moment only, and what is opened from it needs the run.
  const videos = known ? data : undefined;
  const { data: sets } = useCall('features.list', {});
  const jobs = activeJobs(useJobs());
  const [view, setView] = useState(EVERYTHING);
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const [removing, setRemoving] = useState<readonly VideoRow[]>([]);
  const [importingFeatures, setImportingFeatures] = useState(false);
  const [importingDetections, setImportingDetections] = useState(false);
  const [dropping, setDropping] = useState(false);
  const [dropRefused, setDropRefused] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const importVideos = useAction('videos.import');
  const extract = useAction('features.extract');
  const relink = useAction('videos.relink');
  const startExtract = (extractor: ExtractorName): void =>
    extract.run({ extractor, ...(!allCores.get() && { threads: 0 }) });
  const [grouping, setGrouping] = useState<readonly VideoRow[]>([]);
  const missing = videos?.filter((video) => video.state === 'missing').length ?? 0;
  const locate = async (): Promise<void> => {
    const grants = await pickFiles('videos');
    if (grants.length > 0) relink.run({ grants: grants.map(({ grant }) => grant) });
  };

  const orders = useMemo(() => ordersOf(run, runs), [run, runs]);
  const order = orders.some(({ value }) => value === view.order) ? view.order : 'name';
  const { known: facts, waits } = useKnown(run, beside, order);
  const shown = useMemo(() => arrange(videos ?? [], { ...view, order }, facts), [videos, view, order, facts]);
  const number = useMemo(() => shownNumber(order, facts, runs), [order, facts, runs]);
  const change = (part: Partial<View>): void => setView({ ...view, ...part });
  const pick = async (): Promise<void> => {
    const grants = await pickFiles('videos');
    if (grants.length > 0) importVideos.run({ grants: grants.map(({ grant }) => grant) });
  };
  const drop = async (event: DragEvent): Promise<void> => {
    event.preventDefault();
    setDropping(false);
    const grants = await grantsOf([...event.dataTransfer.files]);
    setDropRefused(grants === null);
    if (grants && grants.length > 0) importVideos.run({ grants: grants.map(({ grant }) => grant) });
  };
  keyOverrides.use();
  const toExtract = nextExtractor(videos ?? [], sets ?? []);
  const extracting = jobs.some(
    (job) => job.kind === 'extract' || job.kind === 'sample' || job.kind === 'import',
  );
  const next =
    toExtract && !extracting
      ? { label: 'Extract features', act: () => startExtract(toExtract) }
      : (sets?.length ?? 0) > 0 && runs.length === 0 && jobs.length === 0
        ? { label: 'New run', act: () => go('/runs/new') }
        : run
          ? { label: 'Review', act: () => go(`/review/${run.id}`) }
          : null;
  const todo = {
    import: () => void pick(),
    find: () => search.current?.focus(),
    next: () => {
      if (!extract.pending) next?.act();
    },
    remove: () => setRemoving(videos?.filter((video) => selected.has(video.id)) ?? []),
  };
  const keys = Object.entries(todo).map(([name, run]) => ({
    action: LIBRARY_KEYS[name as keyof typeof todo],
    run,
  }));
  useKeys(Object.assign({}, ...keys.map(({ action, run }) => bind(action, run))));
  useCommands(
    'library',
    keys.map(({ action, run }) => ({ id: action.id, text: action.text, kbd: kbdOf(action), run })),
  );

  return (
    <div className={styles.library}>
      <LibrarySide
        videos={videos ?? []}
        sets={sets ?? []}
        runs={runs}
        run={run}
        known={facts}
        view={view}
        onView={change}
        onRun={choose}
      />
      <main
        className={cx(styles.main, dropping && styles.dropping)}
        data-region="main"
        aria-label="Videos"
        onDragOver={(event) => {
          event.preventDefault();
          setDropping(true);
        }}
        onDragLeave={(event) =>
          event.currentTarget.contains(event.relatedTarget as Node | null) || setDropping(false)
        }
        onDrop={(event) => void drop(event)}
      >
        <div className={styles.tools}>
          <h1 className={styles.heading}>
            {view.folder !== null
              ? view.folder || 'Top folder'
              : view.camera !== null
                ? view.camera || 'No camera'
                : (view.tag ?? 'All videos')}
            {videos && (
              <small>
                {shown.length === videos.length
                  ? count(videos.length)
                  : `${count(shown.length)} of ${count(videos.length)}`}
              </small>
            )}
          </h1>
          <span className={styles.space} />
          <div className={styles.search}>
            <TextField
              label="Find by name"
              hideLabel
              soft
              value={view.text}
              onChange={(text) => change({ text })}
              placeholder="Find by name"
              icon={<Search size={14} />}
              inputRef={search}
            />
          </div>
          <div className={styles.order}>
            <Select
              label="Order"
              hideLabel
              soft
              icon={<Sort size={14} />}
              value={order}
              onChange={(order) => change({ order })}
              choices={orders}
            />
          </div>
          <Segments
            label="Form of the list"
            value={form}
            onChange={libraryForm.set}
            options={[
              { value: 'table', label: <List size={14} />, name: 'Table' },
              { value: 'grid', label: <Grid size={14} />, name: 'Pictures' },
            ]}
          />
          {selected.size > 0 && (
            <Button
              icon={<Tag size={14} />}
              onPress={() => setGrouping(videos?.filter((video) => selected.has(video.id)) ?? [])}
            >
              Camera, tags
            </Button>
          )}
          <Menu
            label="Import"
            placement="bottom end"
            trigger={
              <Button icon={<Download size={14} />}>
                Import
                <ChevronDown size={14} />
              </Button>
            }
            entries={[
              {
                id: 'videos',
                label: 'Videos or folders of videos…',
                icon: <Film />,
                kbd: 'Ctrl I',
                onAction: () => void pick(),
              },
              {
                id: 'features',
                label: 'Ready features (.npy, .txt)…',
                icon: <File />,
                onAction: () => setImportingFeatures(true),
              },
              {
                id: 'detections',
                label: 'Boxes and poses (.csv, .json)…',
                icon: <File />,
                onAction: () => setImportingDetections(true),
              },
            ]}
          />
          {videos?.some((video) => video.path !== null && video.state === 'ready') && (
            <ExtractMenu
              videos={videos}
              sets={sets ?? []}
              isDisabled={extract.pending || extracting}
              onExtract={startExtract}
            />
          )}
          {next && (
            <Button
              variant="primary"
              isDisabled={extract.pending}
              kbd={kbdOf(LIBRARY_KEYS.next)}
              onPress={next.act}
            >
              {next.label}
            </Button>
          )}
        </div>
        {missing > 0 && !jobs.some((job) => job.kind === 'relink') && (
          <div className={styles.notice}>
            <div className={styles.gone} role="status">
              <Warning size={14} />
              <span>
                {plural(missing, 'video')} {missing === 1 ? 'has its file' : 'have their files'} no longer in
                place. Scores and events are kept.
              </span>
              <Button small isDisabled={relink.pending} onPress={() => void locate()}>
                Locate…
              </Button>
            </div>
          </div>
        )}
        {jobs[0] && <JobNotice job={jobs[0]} waiting={jobs.length - 1} />}
        {(importVideos.error ?? extract.error ?? relink.error ?? dropRefused) && (
          <div className={styles.notice}>
            <ErrorLine
              error={
                importVideos.error ??
                extract.error ??
                relink.error ?? {
                  message:
                    'A browser does not say where a dropped file lies on the disk. Choose it with Import instead.',
                }
              }
            >
              <Button
                small
                variant="quiet"
                onPress={() => {
                  importVideos.reset();
                  extract.reset();
                  relink.reset();
                  setDropRefused(false);
                }}
              >
                Close
              </Button>
            </ErrorLine>
          </div>
        )}
        {error && !videos ? (
          <div className={styles.state}>
            <ErrorState title="The videos cannot be listed" error={error} onRetry={() => void refetch()} />
          </div>
        ) : !videos || waits ? (
          <LoadingRows rows={10} label="Reading the list of videos" />
        ) : videos.length === 0 ? (
          <div className={styles.state}>
            {jobs.length > 0 ? (
              <EmptyState icon={<Activity size={20} />} title="Videos appear here as they are ready">
                You can look around meanwhile; the work goes on by itself.
              </EmptyState>
            ) : (
              <EmptyState
                icon={<Film size={20} />}
                title="Import the videos to be labelled"
                actions={
                  <>
                    <Button
                      variant="primary"
                      icon={<Folder size={14} />}
                      onPress={() => void pick()}
                      kbd={kbdOf(LIBRARY_KEYS.import)}
                    >
                      Choose videos or a folder
                    </Button>
                    <Button onPress={() => setImportingFeatures(true)}>Import ready features</Button>
                  </>
                }
              >
                Frames are counted one by one, so that a frame number means the same here and in your training
                code. The files stay where they are and are never changed.
              </EmptyState>
            )}
          </div>
        ) : shown.length === 0 ? (
          <div className={styles.state}>
            <EmptyState
              title="No video fits"
              actions={<Button onPress={() => setView({ ...EVERYTHING, order })}>Show all videos</Button>}
            >
              Nothing has this name, state, review, folder, camera and tag together.
            </EmptyState>
          </div>
        ) : form === 'grid' ? (
          <VideoGrid
            videos={shown}
            run={run}
            known={facts}
            number={number}
            selected={selected}
            onSelect={setSelected}
            onOpen={(video) => run && go(`/review/${run.id}/${video.id}`)}
          />
        ) : (
          <VideoTable
            videos={shown}
            run={run}
            known={facts}
            number={number}
            jobs={jobs}
            order={order}
            onOrder={(order) => change({ order })}
            selected={selected}
            onSelect={setSelected}
            onOpen={(video) => run && go(`/review/${run.id}/${video.id}`)}
            onRemove={setRemoving}
            onImportAgain={() => void pick()}
            onLocate={() => void locate()}
            onGroup={setGrouping}
          />
        )}
      </main>
      {selected.size > 0 && (
        <InStatusBar>
          <span>
            {plural(selected.size, 'video')} selected. {run ? 'Enter to review, ' : ''}Del to remove from the
            project
          </span>
        </InStatusBar>
      )}
      <ImportFeaturesDialog isOpen={importingFeatures} onClose={() => setImportingFeatures(false)} />
      <DetectionsDialog isOpen={importingDetections} onClose={() => setImportingDetections(false)} />
      <GroupDialog videos={grouping} all={videos ?? []} onClose={() => setGrouping([])} />
      <RemoveDialog
        videos={removing}
        onClose={() => setRemoving([])}
        onRemoved={(ids) => setSelected(new Set([...selected].filter((id) => !ids.includes(id))))}
      />
    </div>
  );
}
