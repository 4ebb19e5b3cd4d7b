// The left side of the library: states, folders, whose scores are shown, feature sets, totals.
import type { ReactNode } from 'react';
import { ToggleButton } from 'react-aria-components';
import type { FeatureSet, Run, VideoRow } from '../../../shared/contract/index.ts';
import type { ReviewState } from '../../../shared/labels/progress.ts';
import {
  Activity,
  Camera,
  Check,
  Clock,
  Film,
  Folder,
  Grid,
  Minus,
  Tag,
  Warning,
} from '../../components/icons.tsx';
import { Select } from '../../components/Select.tsx';
import { Switch } from '../../components/Toggle.tsx';
import { bytes, count, duration, plural } from '../../format.ts';
import { perCamera } from './choices.ts';
import styles from './Library.module.css';
import {
  folderCounts,
  type Known,
  nameCounts,
  reviewCounts,
  type StateFilter,
  stateCounts,
  type View,
} from './rows.ts';

export interface LibrarySideProps {
  videos: readonly VideoRow[];
  sets: readonly FeatureSet[];
  runs: readonly Run[];
  run: Run | null;
  known: Known;
  view: View;
  onView(part: Partial<View>): void;
  onRun(runId: number): void;
}

const STATES: readonly { state: StateFilter; label: string; icon: ReactNode }[] = [
  { state: 'all', label: 'All videos', icon: <Grid size={14} /> },
  { state: 'events', label: 'With events', icon: <Activity size={14} /> },
  { state: 'scored', label: 'Scored', icon: <Check size={14} /> },
  { state: 'features', label: 'Not scored yet', icon: <Film size={14} /> },
  { state: 'bare', label: 'Without features', icon: <Minus size={14} /> },
  { state: 'attention', label: 'Needs attention', icon: <Warning size={14} className={styles.warnIcon} /> },
];

const REVIEW: readonly { review: ReviewState; label: string; title: string; icon: ReactNode }[] = [
  {
    review: 'untouched',
    label: 'Not reviewed',
    title: 'Has events, and no person decided on any of them. Verdicts by rule are no review.',
    icon: <Minus size={14} />,
  },
  {
    review: 'begun',
    label: 'In progress',
    title: 'People decided on some of the events, or watched a part.',
    icon: <Clock size={14} />,
  },
  {
    review: 'done',
    label: 'Reviewed',
    title: 'People decided on every event, or watched all of a video without events.',
    icon: <Check size={14} className={styles.doneIcon} />,
  },
];

export function LibrarySide({ videos, sets, runs, run, known, view, onView, onRun }: LibrarySideProps) {
  const counts = stateCounts(videos);
  const reviewed = reviewCounts(videos, known);
  const folders = folderCounts(videos);
  const hasCameras = videos.some(({ camera }) => camera !== null);
  const cameras = hasCameras ? nameCounts(videos, ({ camera }) => [camera ?? '']) : [];
  const tags = nameCounts(videos, (video) => video.tags);
  const beside = perCamera.use((state) => state.value);
  const done = runs.filter((other) => other.state === 'done');
  return (
    <aside className={styles.side} aria-label="Filters" data-region="filters">
      <section aria-label="State">
        {STATES.filter(({ state }) => state === 'all' || counts[state] > 0 || view.state === state).map(
          ({ state, label, icon }) => (
            <Filter
              key={state}
              icon={icon}
              label={label}
              n={counts[state]}
              on={view.state === state}
              onPress={() => onView({ state })}
            />
          ),
        )}
      </section>
      {REVIEW.some(({ review }) => reviewed[review] > 0) && (
        <section aria-label="Review">
          <h3>Review</h3>
          {REVIEW.map(({ review, label, title, icon }) => (
            <Filter
              key={review}
              icon={icon}
              label={label}
              title={title}
              n={reviewed[review]}
              on={view.review === review}
              onPress={() => onView({ review: view.review === review ? null : review })}
            />
          ))}
        </section>
      )}
      {folders.length > 1 && (
        <section aria-label="Folders">
          <h3>Folders</h3>
          {folders.map(({ folder, videos: n }) => (
            <Filter
              key={folder}
              icon={<Folder size={14} />}
              label={folder || 'Top folder'}
              n={n}
              on={view.folder === folder}
              onPress={() => onView({ folder: view.folder === folder ? null : folder })}
            />
          ))}
        </section>
      )}
      {cameras.length > 0 && (
        <section aria-label="Cameras">
          <h3>Cameras</h3>
          {cameras.map(({ name, videos: n }) => (
            <Filter
              key={name}
              icon={<Camera size={14} />}
              label={name || 'No camera'}
              n={n}
              on={view.camera === name}
              onPress={() => onView({ camera: view.camera === name ? null : name })}
            />
          ))}
        </section>
      )}
      {tags.length > 0 && (
        <section aria-label="Tags">
          <h3>Tags</h3>
          {tags.map(({ name, videos: n }) => (
            <Filter
              key={name}
              icon={<Tag size={14} />}
              label={name}
              n={n}
              on={view.tag === name}
              onPress={() => onView({ tag: view.tag === name ? null : name })}
            />
          ))}
        </section>
      )}
      {done.length > 0 && (
        <div>
          <h3>Scores of</h3>
          <div className={styles.padded}>
            <Select
              label="Run whose scores are shown"
              hideLabel
              soft
              value={run ? String(run.id) : null}
              onChange={(id) => onRun(Number(id))}
              choices={done.map((other) => ({ value: String(other.id), label: other.name }))}
            />
            {hasCameras && (
              <Switch apart isSelected={beside} onChange={perCamera.set}>
                <span title="Each score beside the usual level and spread of its own camera, so that a noisy camera does not fill the list.">
                  Per camera
                </span>
              </Switch>
            )}
          </div>
        </div>
      )}
      {sets.length > 0 && (
        <div>
          <h3>Features</h3>
          <div className={styles.sets}>
            {sets.map((set) => (
              <div key={set.id} className={styles.set}>
                <b title={set.name}>{set.name}</b>
                <span>
                  {plural(set.videos, 'video')}
                  {set.missing > 0 && `, ${count(set.missing)} to go`} ·{' '}
                  {set.crops > 1 ? `${set.crops} × ${count(set.dim)}` : count(set.dim)}
                </span>
              </div>
            ))}
          </div>
        </div>
      )}
      <Seen videos={videos} />
      {videos.length > 0 && <Totals videos={videos} />}
    </aside>
  );
}

/** How many videos have boxes and poses. */
function Seen({ videos }: { videos: readonly VideoRow[] }) {
  const kinds = (['boxes', 'poses'] as const).flatMap((kind) => {
    const own = videos.flatMap(({ detections }) => detections.filter((one) => one.kind === kind));
    const objects = own.reduce((sum, one) => sum + one.objects, 0);
    return own.length > 0 ? [{ kind, videos: own.length, objects }] : [];
  });
  if (kinds.length === 0) return null;
  return (
    <div>
      <h3>Boxes and poses</h3>
      <div className={styles.sets}>
        {kinds.map(({ kind, videos: n, objects }) => (
          <div key={kind} className={styles.set}>
            <b>{kind === 'boxes' ? 'Boxes of objects' : 'Poses of persons'}</b>
            <span>
              {plural(n, 'video')} · {count(objects)}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}

function Filter({
  icon,
  label,
  title,
  n,
  on,
  onPress,
}: {
  icon: ReactNode;
  label: string;
  title?: string;
  n: number;
  on: boolean;
  onPress(): void;
}) {
  return (
    <ToggleButton className={styles.filter} isSelected={on} onChange={onPress}>
      {icon}
      <span title={title}>{label}</span>
      <small>{count(n)}</small>
    </ToggleButton>
  );
}

function Totals({ videos }: { videos: readonly VideoRow[] }) {
  const sum = (of: (video: VideoRow) => number): number =>
    videos.reduce((total, video) => total + of(video), 0);
  return (
    <p className={styles.totals}>
      {duration(sum((video) => video.durationSeconds))},{' '}
      {plural(
        sum((video) => video.frames),
        'frame',
      )}
      <br />
      Originals {bytes(sum((video) => video.bytes))}
    </p>
  );
}
