// Importing boxes and poses. Role: files, which videos they mean, then a report of which video got what. Limits: the
// engine reads and matches; the import goes on when the dialog is closed.
import { useState } from 'react';
import type { DetectionReport, DetectionSummary, Job } from '../../../shared/contract/index.ts';
import { Badge } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { File, Folder } from '../../components/icons.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { Select } from '../../components/Select.tsx';
import { ErrorLine } from '../../components/State.tsx';
import { count, plural } from '../../format.ts';
import type { Grant } from '../../platform/bridge.ts';
import { isActive, progressText, shareOf, useJobs } from '../../state/jobs.ts';
import { useAction, useCall } from '../../state/queries.ts';
import { pickFiles, pickFolder } from '../picker/picker.ts';
import styles from './DetectionsDialog.module.css';
import { folderCounts } from './rows.ts';

type FirstFrame = 'usual' | '0' | '1';

const FIRST_FRAMES = [
  { value: 'usual', label: 'As usual for the format', note: '0; in MOT tables 1' },
  { value: '0', label: 'The first frame is 0' },
  { value: '1', label: 'The first frame is 1' },
] as const;
const ALL = '';
/** What is listed at most of what did not fit. */
const SHOWN = 50;

export function DetectionsDialog({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  const [jobId, setJobId] = useState<number | null>(null);
  const [last, setLast] = useState(false);
  const job = useJobs().find(({ id }) => id === jobId) ?? null;
  const report = useCall(
    'detections.report',
    { jobId: last ? null : jobId },
    { enabled: isOpen && (last || job?.state === 'done') },
  ).data;
  const again = (): void => {
    setJobId(null);
    setLast(false);
  };
  const close = (): void => {
    if (!job || !isActive(job)) again();
    onClose();
  };
  const frame = { isOpen, onClose: close };
  if (report && (last || job?.state === 'done')) return <Report {...frame} report={report} onAgain={again} />;
  if (job && job.state !== 'done') return <Running {...frame} job={job} onAgain={again} />;
  return <Form {...frame} onStarted={setJobId} onLast={() => setLast(true)} />;
}

interface FrameProps {
  isOpen: boolean;
  onClose(): void;
}

function Form({
  isOpen,
  onClose,
  onStarted,
  onLast,
}: FrameProps & { onStarted(jobId: number): void; onLast(): void }) {
  const [grants, setGrants] = useState<readonly Grant[]>([]);
  const [below, setBelow] = useState(ALL);
  const [first, setFirst] = useState<FirstFrame>('usual');
  const there = useCall('detections.list', {}, { enabled: isOpen }).data ?? [];
  const videos = useCall('videos.list', {}, { enabled: isOpen }).data ?? [];
  const known = useCall('detections.report', {}, { enabled: isOpen }).data;
  const start = useAction('detections.import', ({ jobId }) => {
    setGrants([]);
    onStarted(jobId);
  });
  const folders = folderCounts(videos).filter(({ folder }) => folder !== '');
  const files = async (): Promise<void> => {
    const chosen = await pickFiles('detections');
    if (chosen.length > 0) setGrants(chosen);
  };
  const folder = async (): Promise<void> => {
    const chosen = await pickFolder('detections');
    if (chosen) setGrants([chosen]);
  };
  const missing =
    videos.length === 0 ? 'Import videos first' : grants.length === 0 ? 'Choose files first' : null;
  return (
    <Dialog
      title="Import boxes and poses"
      isOpen={isOpen}
      onClose={onClose}
      width={560}
      footer={
        <>
          <span className={styles.why}>{missing}</span>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            variant="primary"
            isDisabled={missing !== null || start.pending}
            onPress={() =>
              start.run({
                grants: grants.map(({ grant }) => grant),
                below: below === ALL ? null : below,
                firstFrame: first === 'usual' ? null : first === '1' ? 1 : 0,
              })
            }
          >
            Import
          </Button>
        </>
      }
    >
      <p className={styles.about}>
        Found by a detector or tracker elsewhere: tables of boxes (.csv, MOT .txt), poses as AlphaPose and
        STG-NF write them, COCO-style JSON, or <code>.poses.json</code>. Jigsaw looks at boxes, STG-NF at
        poses, and the review can draw both over the video.
      </p>
      <div className={styles.pair}>
        <Button fill icon={<File />} onPress={() => void files()}>
          {grants.length === 0
            ? 'Choose files…'
            : grants.length === 1
              ? grants[0].name
              : plural(grants.length, 'file')}
        </Button>
        <Button fill icon={<Folder size={14} />} onPress={() => void folder()}>
          Choose a folder…
        </Button>
      </div>
      <div className={styles.pair}>
        <Select
          label="Videos that are meant"
          value={below}
          onChange={setBelow}
          choices={[
            { value: ALL, label: 'All, by their names' },
            ...folders.map(({ folder: name, videos: n }) => ({
              value: name,
              label: name,
              note: plural(n, 'video'),
            })),
          ]}
        />
        <Select<FirstFrame>
          label="Frames in the files"
          value={first}
          onChange={setFirst}
          choices={FIRST_FRAMES}
        />
      </div>
      <There there={there} ids={videos.map(({ id }) => id)} />
      {known && (
        <span>
          <Button small variant="quiet" onPress={onLast}>
            Report of the last import
          </Button>
        </span>
      )}
      <ErrorLine error={start.error} />
    </Dialog>
  );
}

const KIND: Record<DetectionSummary['kind'], string> = { boxes: 'Boxes', poses: 'Poses' };

/** What the project holds already, and the way to be rid of it. */
function There({ there, ids }: { there: readonly DetectionSummary[]; ids: number[] }) {
  const remove = useAction('detections.remove');
  const some = there.filter(({ videos }) => videos > 0);
  if (some.length === 0) return null;
  return (
    <dl className={styles.there}>
      {some.map(({ kind, videos, objects, empty, without }) => (
        <div key={kind}>
          <dt>{KIND[kind]}</dt>
          <dd>
            {count(objects)} in {plural(videos, 'video')}
            {empty > 0 && `, ${count(empty)} with nobody seen`}
            {without > 0 && `, ${count(without)} without`}
          </dd>
          <Button small variant="quiet" isDisabled={remove.pending} onPress={() => remove.run({ kind, ids })}>
            Remove
          </Button>
        </div>
      ))}
      <ErrorLine error={remove.error} />
    </dl>
  );
}

function Running({ isOpen, onClose, job, onAgain }: FrameProps & { job: Job; onAgain(): void }) {
  const cancel = useAction('jobs.cancel');
  const active = isActive(job);
  return (
    <Dialog
      title="Import boxes and poses"
      isOpen={isOpen}
      onClose={onClose}
      width={560}
      footer={
        active ? (
          <>
            <Button isDisabled={cancel.pending} onPress={() => cancel.run({ id: job.id })}>
              Stop
            </Button>
            <Button variant="primary" onPress={onClose}>
              Go on in the background
            </Button>
          </>
        ) : (
          <>
            <Button onPress={onClose}>Close</Button>
            <Button variant="primary" onPress={onAgain}>
              Choose other files
            </Button>
          </>
        )
      }
    >
      <b className={styles.job}>{job.title}</b>
      {active ? (
        <>
          <ProgressBar label={job.title} value={shareOf(job)} thick />
          <span className={styles.about}>
            {progressText(job)} {job.message && `· ${job.message}`}
          </span>
        </>
      ) : (
        <ErrorLine error={job.error ?? { message: 'The import was stopped. Nothing was changed.' }} />
      )}
    </Dialog>
  );
}

function Report({
  isOpen,
  onClose,
  report,
  onAgain,
}: FrameProps & { report: DetectionReport; onAgain(): void }) {
  const { matched, unmatched, problems, notes, without } = report;
  return (
    <Dialog
      title="Boxes and poses imported"
      isOpen={isOpen}
      onClose={onClose}
      width={760}
      footer={
        <>
          <span className={styles.why}>
            {plural(report.files, 'file')}, {plural(matched.length, 'entry', 'entries')} used
            {unmatched.length > 0 && `, ${count(unmatched.length)} not`}
          </span>
          <Button onPress={onAgain}>Import more</Button>
          <Button variant="primary" onPress={onClose}>
            Done
          </Button>
        </>
      }
    >
      {without
        .filter(({ videos }) => videos > 0)
        .map(({ kind, videos }) => (
          <p key={kind} className={styles.about}>
            {plural(videos, 'video')} of the project {videos === 1 ? 'has' : 'have'} no {kind}. Models that
            look at {kind} take {videos === 1 ? 'it' : 'them'} for normal.
          </p>
        ))}
      {problems.map((text) => (
        <ErrorLine key={text} error={{ message: text }} />
      ))}
      {unmatched.length > 0 && (
        <section className={styles.list} aria-label="Not used">
          {unmatched.slice(0, SHOWN).map(({ key, file, why }) => (
            <p key={`${file} ${key}`}>
              <Badge tone="warn">Not used</Badge> <b data-selectable="">{key}</b> in {file}: {why}
            </p>
          ))}
          {unmatched.length > SHOWN && <p>And {count(unmatched.length - SHOWN)} more.</p>}
        </section>
      )}
      {notes.map((text) => (
        <p key={text} className={styles.about}>
          {text}
        </p>
      ))}
      <table className={styles.table}>
        <thead>
          <tr>
            <th>Video</th>
            <th>Kind</th>
            <th className={styles.number}>Objects</th>
            <th className={styles.number}>Frames</th>
            <th className={styles.number}>Tracks</th>
            <th>File</th>
          </tr>
        </thead>
        <tbody>
          {matched.map((m) => (
            <tr key={`${m.videoId} ${m.kind}`}>
              <td title={m.key}>{m.relPath}</td>
              <td>{KIND[m.kind]}</td>
              <td className={styles.number}>{count(m.objects)}</td>
              <td className={styles.number}>{count(m.frames)}</td>
              <td className={styles.number}>{m.tracks > 0 ? count(m.tracks) : '–'}</td>
              <td title={m.file}>{m.file}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
