// The review page: events on the left, picture and inspector above, timeline below. Role: which run and video are open,
// what exists of them, and the states in which there is nothing to review yet. Limits: an open video is OpenReview's.
import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../../components/Button.tsx';
import { Activity, Film } from '../../components/icons.tsx';
import { EmptyState, ErrorState } from '../../components/State.tsx';
import { pickRun, useRunChoice } from '../../state/project.ts';
import { useCall } from '../../state/queries.ts';
import { OpenReview } from './OpenReview.tsx';
import { reviewPath, usePlace } from './place.ts';

export interface ReviewScreenProps {
  runId: number | null;
  videoId: number | null;
}

export function ReviewScreen({ runId, videoId }: ReviewScreenProps) {
  const [, go] = useLocation();
  const { choose } = useRunChoice();
  const runs = useCall('runs.list', {});
  const chosen = useRunChoice().run;
  const done = runs.data?.filter((run) => run.state === 'done') ?? [];
  const run = runs.data ? pickRun(runs.data, runId ?? chosen?.id ?? null) : null;
  const videos = useCall(
    'videos.list',
    { runId: run?.id ?? null },
    { enabled: runs.data !== undefined, keepPrevious: true },
  );
  const last = usePlace((place) => (videoId === null ? place.lastVideoId : null));
  const list = videos.data ?? [];
  const video =
    list.find((v) => v.id === (videoId ?? last)) ?? list.find((v) => (v.score?.events ?? 0) > 0) ?? list[0];

  // The address always says what is shown, so that a reload and the way back come to the same place.
  const address = video ? reviewPath(run?.id ?? null, video.id) : null;
  useEffect(() => {
    if (address && run && (runId !== run.id || videoId !== video?.id)) go(address, { replace: true });
  }, [address, run, runId, videoId, video?.id, go]);
  const openId = video?.id ?? null;
  useEffect(() => {
    if (openId !== null) usePlace.setState({ lastVideoId: openId });
  }, [openId]);

  const error = runs.error ?? videos.error;
  if (error && (!runs.data || !videos.data)) {
    return (
      <ErrorState
        title="The review cannot be shown"
        error={error}
        onRetry={() => {
          void runs.refetch();
          void videos.refetch();
        }}
      />
    );
  }
  if (!runs.data || !videos.data) return null;
  if (!video) {
    return (
      <EmptyState
        icon={<Film size={20} />}
        title="There are no videos yet"
        actions={
          <Button variant="primary" onPress={() => go('/library')}>
            Go to the library
          </Button>
        }
      >
        Import a folder of videos first. Nothing leaves this machine.
      </EmptyState>
    );
  }
  if (!run) {
    const training = runs.data.find((r) => r.state === 'running' || r.state === 'queued');
    return (
      <EmptyState
        icon={<Activity size={20} />}
        title={training ? 'The first run is not finished' : 'There are no scores to review yet'}
        actions={
          training ? (
            <Button variant="primary" onPress={() => go(`/runs/${training.id}`)}>
              Watch {training.name}
            </Button>
          ) : (
            <Button variant="primary" onPress={() => go('/runs/new')}>
              New run
            </Button>
          )
        }
      >
        {training
          ? 'Events appear here as soon as its scores are there.'
          : 'A run learns from the videos themselves and gives each 16 frames a score; events come from the scores.'}
      </EmptyState>
    );
  }
  return (
    <OpenReview
      run={run}
      runs={done}
      videos={list}
      video={video}
      onOpenVideo={(id) => go(reviewPath(run.id, id))}
      onChooseRun={(id) => {
        choose(id);
        go(reviewPath(id, video.id), { replace: true });
      }}
    />
  );
}
