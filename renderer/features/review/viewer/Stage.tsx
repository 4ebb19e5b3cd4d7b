// The surround of the picture: the video element, or why there is none and what to do. Role: the states of a video that
// is missing, damaged, needs a playable copy, or fails while playing.
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { resourceUrl, type VideoRow } from '../../../../shared/contract/index.ts';
import { Button } from '../../../components/Button.tsx';
import { Film, Warning } from '../../../components/icons.tsx';
import { thumbnailAt } from '../../../components/Picture.tsx';
import { ProgressBar } from '../../../components/ProgressBar.tsx';
import { EmptyState, ErrorLine } from '../../../components/State.tsx';
import { isActive, isCopyOf, progressText, shareOf, useJobs } from '../../../state/jobs.ts';
import { useAction } from '../../../state/queries.ts';
import { copiesByThemselves } from '../choices.ts';
import { isAimedAt } from '../place.ts';
import { canPlay } from '../playback.ts';
import type { PlayerState } from '../player/player.ts';
import { createVideo, emptyVideo, takeStandby } from '../player/standby.ts';
import type { Session } from '../session.ts';
import styles from './Viewer.module.css';

export interface StageProps {
  video: VideoRow;
  session: Session | null;
  problem: ReactNode;
  /** Drawn over the picture. */
  children: ReactNode;
}

export function Stage({ video, session, problem, children }: StageProps) {
  const [failure, setFailure] = useState<string | null>(null);
  const plays = canPlay(video);
  return (
    <div className={styles.stage}>
      {problem ? (
        <Notice>{problem}</Notice>
      ) : !plays ? (
        <Notice>
          <Away video={video} />
        </Notice>
      ) : failure !== null ? (
        <Notice>
          <CannotPlay
            video={video}
            title="The picture stopped"
            text={failure}
            onRetry={() => setFailure(null)}
          />
        </Notice>
      ) : session ? (
        <>
          <Picture key={video.playable} video={video} session={session} onFail={setFailure} />
          {children}
        </>
      ) : null}
      {plays && video.problem && !failure && (
        <p className={styles.warning}>
          <Warning size={12} />
          {video.problem}
        </p>
      )}
    </div>
  );
}

function Picture({
  video,
  session,
  onFail,
}: {
  video: VideoRow;
  session: Session;
  onFail(text: string): void;
}) {
  const host = useRef<HTMLDivElement>(null);
  const { id, relPath } = video;
  // The element and its source are set here and not in the markup: the player has to be listening before the first picture,
  // and the element of the next event may have been at its frame for a while.
  useEffect(() => {
    const ready = takeStandby(id);
    const element = ready?.element ?? createVideo();
    element.className = styles.picture;
    element.tabIndex = -1;
    element.ariaLabel = `Picture of ${relPath}`;
    const onError = () => onFail(failureText(element.error?.code));
    const onClick = () => session.player.toggle();
    element.addEventListener('error', onError);
    element.addEventListener('click', onClick);
    // Until the frame asked for is there, the nearest thumbnail stands in, so that no other frame flashes up.
    const show = ({ settled, identity }: PlayerState) => {
      if (settled && identity !== 'none' && !('ready' in element.dataset)) element.dataset.ready = '';
    };
    const stop = session.player.store.subscribe(show);
    const { frame } = session.player.store.getState();
    const detach = session.player.attach(element, ready ?? undefined);
    if (!ready) element.src = resourceUrl.media(id);
    // It stands where the next event begins; whoever opens the video for itself does not go there.
    else if (!isAimedAt(id)) session.player.seek(frame);
    host.current?.append(element);
    return () => {
      stop();
      element.removeEventListener('error', onError);
      element.removeEventListener('click', onClick);
      detach();
      element.remove();
      emptyVideo(element);
    };
  }, [id, relPath, session, onFail]);
  const [poster] = useState(() => {
    const share = session.player.store.getState().frame / session.frames;
    return video.thumbnails > 0
      ? resourceUrl.thumbnail(video.id, thumbnailAt(share, video.thumbnails))
      : null;
  });
  return (
    <>
      {poster && <img className={styles.picture} src={poster} alt="" draggable={false} />}
      <div ref={host} className={styles.screen} />
    </>
  );
}

/** What a MediaError means to a person. */
export function failureText(code: number | undefined): string {
  switch (code) {
    case 2:
      return 'The file could not be read to the end. It may have been moved, or its disk is gone. Scores and events are kept.';
    case 3:
      return 'The file is broken here, or uses something this player cannot decode. A playable copy may help; the original stays untouched.';
    default:
      return 'This player cannot show the file, or the file is not where it was. A playable copy may help; the original stays untouched.';
  }
}

function Notice({ children }: { children: ReactNode }) {
  return <div className={styles.notice}>{children}</div>;
}

function Away({ video }: { video: VideoRow }) {
  if (video.state === 'missing') {
    return (
      <EmptyState icon={<Warning size={20} />} title="The file is not where it was">
        {video.problem ?? `${video.relPath} is not there any more.`} Scores and events are kept. Put the file
        back, or import its folder again, and the picture returns.
      </EmptyState>
    );
  }
  if (video.playable === 'needs_proxy') {
    return (
      <CannotPlay
        video={video}
        byItself
        title="This video needs a playable copy"
        text={`The player cannot show ${formatName(video)}. A copy with the same frames at the same times can be made; the original stays untouched.`}
      />
    );
  }
  if (video.path === null) {
    return (
      <EmptyState icon={<Film size={20} />} title="Features only">
        There is no video file for {video.relPath}. The timeline shows its scores by frame number.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<Warning size={20} />}
      title={video.state === 'damaged' ? 'The file is damaged' : 'No picture'}
    >
      {video.problem ?? 'The file holds no video that can be decoded.'} The original stays untouched.
    </EmptyState>
  );
}

const formatName = ({ codec, container }: VideoRow): string =>
  [codec, container && `in ${container}`].filter(Boolean).join(' ');

interface CannotPlayProps {
  video: VideoRow;
  title: string;
  text: string;
  /** Begin without being asked, where that is chosen. */
  byItself?: boolean;
  onRetry?(): void;
}

function CannotPlay({ video, title, text, byItself = false, onRetry }: CannotPlayProps) {
  const [started, setStarted] = useState<number | null>(null);
  const { run, pending, error } = useAction('videos.proxy', ({ jobId }) => setStarted(jobId));
  const jobs = useJobs();
  const job = jobs.find(({ id }) => id === started) ?? jobs.find((other) => isCopyOf(other, video));
  const cancel = useAction('jobs.cancel');
  const busy = job !== undefined && isActive(job);
  const failed = job?.state === 'failed' ? (job.error ?? { message: 'The copy could not be made.' }) : error;
  const wanted = copiesByThemselves.use((state) => state.value) && byItself;
  const asked = useRef(false);
  useEffect(() => {
    // Once: what was stopped or failed is for a person to begin again.
    if (!wanted || asked.current || job) return;
    asked.current = true;
    run({ id: video.id });
  }, [wanted, job, run, video.id]);
  return (
    <EmptyState
      icon={<Film size={20} />}
      title={busy ? 'A playable copy is on its way' : title}
      actions={
        busy ? (
          <Button onPress={() => cancel.run({ id: job.id })}>Stop</Button>
        ) : (
          <>
            <Button variant="primary" isDisabled={pending} onPress={() => run({ id: video.id })}>
              Make a playable copy
            </Button>
            {onRetry && <Button onPress={onRetry}>Try again</Button>}
          </>
        )
      }
    >
      <p>{text}</p>
      {busy && (
        <div className={styles.progress}>
          <ProgressBar label="Making a playable copy" value={shareOf(job)} />
          <span>{progressText(job)}</span>
        </div>
      )}
      <ErrorLine error={failed} />
    </EmptyState>
  );
}
