// The tables at the foot of the quality screen: estimates per camera and folder, and, where ground truth exists, videos
// with the most wrong frames, slices, events and the spread of scores. Role: choosing and showing one of them.
import { type ReactNode, useMemo, useState } from 'react';
import { Link } from 'wouter';
import type {
  EvaluationReport,
  EvaluationSlice,
  QualityReport,
  QualitySlice,
} from '../../../shared/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { Download } from '../../components/icons.tsx';
import { Panel } from '../../components/Panel.tsx';
import { ErrorLine } from '../../components/State.tsx';
import { Segments } from '../../components/Toggle.tsx';
import { UnitPlot } from '../../components/UnitPlot.tsx';
import { count, score } from '../../format.ts';
import { useAction } from '../../state/queries.ts';
import { reviewPath } from '../review/place.ts';
import type { Protocol } from './data.ts';
import { Interval } from './Interval.tsx';
import styles from './Quality.module.css';
import { Spread } from './Spread.tsx';
import { lackingText, perHour, three } from './words.ts';

type View = 'cameras' | 'folders' | 'videos' | 'classes' | 'events' | 'scores';

export interface TablesProps {
  quality: QualityReport;
  evaluation: EvaluationReport | null;
  protocol: Protocol;
  compared: readonly number[];
}

export function Tables({ quality, evaluation, protocol, compared }: TablesProps) {
  const [chosen, setChosen] = useState<View | null>(null);
  const [written, setWritten] = useState<string | null>(null);
  const write = useAction('quality.writeTables', ({ folder }) => setWritten(folder));
  const sampled = quality.cameras.length > 0 || !evaluation ? quality.cameras : quality.folders;
  const views: { value: View; label: string }[] = [
    { value: 'cameras', label: 'Cameras' },
    { value: 'folders', label: 'Folders' },
    ...(evaluation
      ? ([
          { value: 'videos', label: 'Worst videos' },
          ...(evaluation.classes.length > 0 ? [{ value: 'classes', label: 'Classes' }] : []),
          { value: 'events', label: 'Events' },
          { value: 'scores', label: 'Scores' },
        ] as { value: View; label: string }[])
      : []),
  ];
  const first: View =
    sampled.length === 0 && evaluation ? 'videos' : quality.cameras.length > 0 ? 'cameras' : 'folders';
  const view = views.some(({ value }) => value === chosen) ? (chosen ?? first) : first;
  return (
    <Panel className={styles.tables}>
      <div className={styles.panelHead}>
        <Segments<View> label="Table" value={view} onChange={setChosen} options={views} />
        <small>{noteOf(view, quality)}</small>
        <span className={styles.push} />
        {evaluation && (
          <Button
            small
            variant="quiet"
            icon={<Download size={14} />}
            isDisabled={write.pending}
            onPress={() => write.run({ ids: [quality.runId, ...compared], ...protocol })}
          >
            {write.pending ? 'Writing…' : 'CSV and LaTeX'}
          </Button>
        )}
      </div>
      {written && (
        <p className={styles.path} role="status" data-selectable="">
          {written}
        </p>
      )}
      <ErrorLine error={write.error} />
      <div className={styles.scroll}>{content(view, quality, evaluation)}</div>
    </Panel>
  );
}

function noteOf(view: View, quality: QualityReport): string {
  const at = `at a threshold of ${score(quality.rule.on)}`;
  switch (view) {
    case 'cameras':
    case 'folders':
      return `estimates with 90 % intervals, ${at}`;
    case 'videos':
      return `most wrong frames first, ${at}; a click opens the review`;
    case 'classes':
      return at;
    case 'events':
      return `one found event for one true event, ${at}`;
    case 'scores':
      return 'frames against ground truth';
    default:
      return view satisfies never;
  }
}

function content(view: View, quality: QualityReport, evaluation: EvaluationReport | null): ReactNode {
  if (view === 'cameras' || view === 'folders') {
    return (
      <SampledTable
        quality={quality}
        slices={view === 'cameras' ? quality.cameras : quality.folders}
        what={view}
      />
    );
  }
  if (!evaluation) return null;
  if (view === 'videos') return <WorstVideos evaluation={evaluation} />;
  if (view === 'classes') return <Slices evaluation={evaluation} />;
  return view === 'events' ? <Events evaluation={evaluation} /> : <Scores evaluation={evaluation} />;
}

function SampledTable({
  quality,
  slices,
  what,
}: {
  quality: QualityReport;
  slices: readonly QualitySlice[];
  what: 'cameras' | 'folders';
}) {
  const { at, samples } = quality;
  const all: QualitySlice = {
    name: 'All',
    videos: slices.reduce((sum, slice) => sum + slice.videos, 0),
    decided: samples.decided,
    precision: at.precision,
    recall: at.recall,
    events: at.events,
    falseAlarmsPerHour: null,
  };
  if (slices.length === 0) {
    return (
      <p className={styles.quiet}>
        {what === 'cameras'
          ? 'No camera is named. Videos get cameras in the library; then each has its own estimate.'
          : 'All videos lie in one folder.'}
      </p>
    );
  }
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{what === 'cameras' ? 'Camera' : 'Folder'}</th>
          <th scope="col">Videos</th>
          <th scope="col">Sampled</th>
          <th scope="col" colSpan={2}>
            Precision
          </th>
          <th scope="col" colSpan={2}>
            Recall
          </th>
          <th scope="col">Events</th>
          <th scope="col">False alarms per hour</th>
        </tr>
      </thead>
      <tbody>
        {[...slices, all].map((slice) => (
          <tr key={slice.name} className={slice === all ? styles.total : undefined}>
            <th scope="row">{slice.name || 'Top folder'}</th>
            <td>{slice === all ? '' : count(slice.videos)}</td>
            <td>{count(slice.decided)}</td>
            {!slice.precision.known && !slice.recall.known ? (
              <td colSpan={4} className={styles.lacking}>
                {lackingText(slice.precision)}
              </td>
            ) : (
              [slice.precision, slice.recall].map((outcome, i) => [
                <td key={`value ${i === 0 ? 'precision' : 'recall'}`}>
                  {outcome.known ? score(outcome.value) : '–'}
                </td>,
                <td key={`interval ${i === 0 ? 'precision' : 'recall'}`} className={styles.track130}>
                  {outcome.known ? (
                    <Interval outcome={outcome} />
                  ) : (
                    <small title={lackingText(outcome)}>{lackingText(outcome)}</small>
                  )}
                </td>,
              ])
            )}
            <td>{count(slice.events)}</td>
            <td>{slice === all ? '' : perHour(slice.falseAlarmsPerHour)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function MeasureHead({ name }: { name: string }) {
  return (
    <thead>
      <tr>
        <th scope="col">{name}</th>
        <th scope="col">Frames</th>
        <th scope="col">Anomalous</th>
        <th scope="col">AUC</th>
        <th scope="col">AP</th>
        <th scope="col">Precision</th>
        <th scope="col">Recall</th>
        <th scope="col">False alarms</th>
        <th scope="col">Per hour</th>
        <th scope="col">Wrong frames</th>
      </tr>
    </thead>
  );
}

function Measures({ slice }: { slice: EvaluationSlice }) {
  return (
    <>
      <td>{count(slice.frames)}</td>
      <td>{count(slice.anomalousFrames)}</td>
      <td>{three(slice.microAuc)}</td>
      <td>{three(slice.stepAp)}</td>
      <td>{three(slice.precision)}</td>
      <td>{three(slice.recall)}</td>
      <td>{three(slice.falseAlarmRate)}</td>
      <td>{perHour(slice.falseAlarmsPerHour)}</td>
      <td>{count(slice.wrongFrames)}</td>
    </>
  );
}

/** Rows beyond this are in the CSV; a screen does not show 10,000 of them. */
const SHOWN_VIDEOS = 200;

function WorstVideos({ evaluation }: { evaluation: EvaluationReport }) {
  const rest = evaluation.perVideo.length - SHOWN_VIDEOS;
  return (
    <>
      <table className={styles.table}>
        <MeasureHead name="Video" />
        <tbody>
          {evaluation.perVideo.slice(0, SHOWN_VIDEOS).map((slice) => (
            <tr key={slice.videoId}>
              <th scope="row">
                <Link href={reviewPath(evaluation.run.id, slice.videoId)}>{slice.name}</Link>
              </th>
              <Measures slice={slice} />
            </tr>
          ))}
        </tbody>
      </table>
      {rest > 0 && <p className={styles.quiet}>{count(rest)} more are in the CSV.</p>}
    </>
  );
}

function Slices({ evaluation }: { evaluation: EvaluationReport }) {
  return (
    <table className={styles.table}>
      <MeasureHead name="Class" />
      <tbody>
        {[...evaluation.classes, evaluation.all].map((slice) => (
          <tr key={slice.name}>
            <th scope="row">{slice.name}</th>
            <Measures slice={slice} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Events({ evaluation }: { evaluation: EvaluationReport }) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Overlap in time at least</th>
          <th scope="col">Found</th>
          <th scope="col">True</th>
          <th scope="col">Matched</th>
          <th scope="col">Precision</th>
          <th scope="col">Recall</th>
        </tr>
      </thead>
      <tbody>
        {evaluation.events.map(({ iou, found, truth, matched }) => (
          <tr key={iou}>
            <th scope="row">{score(iou)}</th>
            <td>{count(found)}</td>
            <td>{count(truth)}</td>
            <td>{count(matched)}</td>
            <td>{three(found > 0 ? matched / found : null)}</td>
            <td>{three(truth > 0 ? matched / truth : null)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Scores({ evaluation }: { evaluation: EvaluationReport }) {
  const { bins, error, brier } = evaluation.reliability;
  const lines = useMemo(
    () => [
      {
        points: bins.map((bin) => [bin.predicted, bin.observed] as const),
        colour: 'model-fill' as const,
        width: 2,
      },
    ],
    [bins],
  );
  return (
    <div className={styles.scores}>
      <figure>
        <figcaption>
          Normal frames grey, anomalous frames in outline <small>share of each</small>
        </figcaption>
        <Spread histogram={evaluation.histogram} on={evaluation.rule.on} />
      </figure>
      <figure>
        <figcaption>
          Reliability of the scores{' '}
          <small>
            mean error {score(error)}, Brier {three(brier)}
          </small>
        </figcaption>
        <UnitPlot
          xName="Score"
          yName="Anomalous"
          diagonal
          lines={lines}
          label={`Reliability of scores: mean error ${score(error)}`}
        />
      </figure>
    </div>
  );
}
