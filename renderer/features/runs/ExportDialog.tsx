// Labels to files. Role: which formats, where to, and what was written, with the manifest that explains the rest.
import { useState } from 'react';
import type { ExportFormat, Output, Run } from '../../../shared/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Folder } from '../../components/icons.tsx';
import { ErrorLine } from '../../components/State.tsx';
import { Checkbox } from '../../components/Toggle.tsx';
import { bytes, plural } from '../../format.ts';
import { bridge, type Grant } from '../../platform/bridge.ts';
import { useAction } from '../../state/queries.ts';
import { pickFolder } from '../picker/picker.ts';
import styles from './Runs.module.css';

const GROUPS = ['Tables', 'Training code', 'Annotation tools'] as const;

const FORMATS: readonly {
  group: (typeof GROUPS)[number];
  format: ExportFormat;
  label: string;
  note: string;
}[] = [
  {
    group: 'Tables',
    format: 'csv',
    label: 'Events and segments, CSV',
    note: 'For people and spreadsheets: frames 0-based, end excluded, with times',
  },
  {
    group: 'Tables',
    format: 'jsonl',
    label: 'One JSON object per video, JSONL',
    note: 'Events, segment scores and labels, for scripts',
  },
  {
    group: 'Training code',
    format: 'frame_npy',
    label: 'Frame labels per video, NPY',
    note: 'One 0 or 1 per frame of every video',
  },
  {
    group: 'Training code',
    format: 'gt_npy',
    label: 'All frames in one array, NPY',
    note: 'Concatenated, with the order of the videos, as evaluation scripts read it',
  },
  {
    group: 'Training code',
    format: 'c2fpl',
    label: 'C2FPL pseudo-labels',
    note: 'Segment labels as the C2FPL training code reads them',
  },
  {
    group: 'Training code',
    format: 'ucf',
    label: 'UCF-Crime temporal annotation',
    note: 'Two events per video: frames from 1, both ends included; a second file where videos have more',
  },
  {
    group: 'Training code',
    format: 'ucf_list',
    label: 'UCF-Crime list of videos',
    note: 'Class and name of every video, no frames',
  },
  {
    group: 'Training code',
    format: 'rtfm',
    label: 'RTFM list and frame labels',
    note: 'Anomalous videos first; one 0 or 1 per frame in the order of the list, 16 for each segment',
  },
  {
    group: 'Training code',
    format: 'xd',
    label: 'XD-Violence annotations',
    note: 'Events of anomalous videos: frames from 0, end excluded',
  },
  {
    group: 'Training code',
    format: 'shanghaitech',
    label: 'ShanghaiTech masks and lists',
    note: 'One 0 or 1 per frame of every video as NPY, from frame 0',
  },
  {
    group: 'Training code',
    format: 'ubnormal',
    label: 'UBnormal tracks and frame labels',
    note: 'One track per event: frames from 0, both ends included',
  },
  {
    group: 'Training code',
    format: 'msad',
    label: 'MSAD annotation table',
    note: 'One event per video: frames from 1, both ends included; a second file where videos have more',
  },
  {
    group: 'Annotation tools',
    format: 'webvtt',
    label: 'WebVTT',
    note: 'Subtitles for players and the web, one per video: milliseconds, end excluded',
  },
  {
    group: 'Annotation tools',
    format: 'srt',
    label: 'SubRip, SRT',
    note: 'Subtitles for players, one per video: milliseconds, end excluded',
  },
  {
    group: 'Annotation tools',
    format: 'chapters',
    label: 'Chapters, FFmpeg metadata',
    note: 'To put into the video file with ffmpeg; CVAT and LosslessCut read them: milliseconds',
  },
  {
    group: 'Annotation tools',
    format: 'losslesscut',
    label: 'LosslessCut, CSV',
    note: 'Segments to cut out, one file per video: seconds, end excluded',
  },
  {
    group: 'Annotation tools',
    format: 'label_studio',
    label: 'Label Studio',
    note: 'Predictions on a video timeline: frames 1-based, both ends included; a second file 0-based, end excluded',
  },
  {
    group: 'Annotation tools',
    format: 'cvat',
    label: 'CVAT for video 1.1, XML',
    note: 'One track per event, one file per video: frames 0-based, end excluded',
  },
  {
    group: 'Annotation tools',
    format: 'dive',
    label: 'DIVE, JSON',
    note: 'One track per event, one file per video: frames 0-based, both ends included',
  },
  {
    group: 'Annotation tools',
    format: 'viame',
    label: 'VIAME, CSV',
    note: 'One row per frame of an event, one file per video: frames 0-based',
  },
  {
    group: 'Annotation tools',
    format: 'via3',
    label: 'VIA 3 project',
    note: 'All videos in one project of the VGG annotator: seconds, end excluded',
  },
  {
    group: 'Annotation tools',
    format: 'elan',
    label: 'ELAN, EAF',
    note: 'One tier of annotations, one file per video: milliseconds, end excluded',
  },
  {
    group: 'Annotation tools',
    format: 'fiftyone',
    label: 'FiftyOne temporal detections',
    note: 'With confidences, all videos in one file: frames 1-based, both ends included',
  },
  {
    group: 'Annotation tools',
    format: 'activitynet',
    label: 'ActivityNet, JSON',
    note: 'Ground truth and predictions for its evaluation kit: seconds, end excluded',
  },
];

export interface ExportDialogProps {
  run: Run;
  isOpen: boolean;
  onClose(): void;
}

export function ExportDialog({ run, isOpen, onClose }: ExportDialogProps) {
  const [formats, setFormats] = useState<readonly ExportFormat[]>(['csv', 'jsonl']);
  const [place, setPlace] = useState<Grant | null>(null);
  const [written, setWritten] = useState<Output<'exports.write'> | null>(null);
  const write = useAction('exports.write', setWritten);
  const close = (): void => {
    setWritten(null);
    write.reset();
    onClose();
  };
  const choose = async (): Promise<void> => {
    const folder = await pickFolder('export');
    if (folder) setPlace(folder);
  };
  return (
    <Dialog
      title={`Export labels of ${run.name}`}
      isOpen={isOpen}
      onClose={close}
      width={560}
      footer={
        written ? (
          <Button variant="primary" onPress={close}>
            Done
          </Button>
        ) : (
          <>
            {formats.length === 0 && (
              <span style={{ flex: 1, color: 'var(--ink-3)' }}>Choose at least one format</span>
            )}
            <Button onPress={close}>Cancel</Button>
            <Button
              variant="primary"
              isDisabled={formats.length === 0 || write.pending}
              onPress={() =>
                write.run({
                  labels: { kind: 'run', runId: run.id },
                  formats: [...formats],
                  grant: place?.grant ?? null,
                })
              }
            >
              {write.pending ? 'Writing…' : 'Export'}
            </Button>
          </>
        )
      }
    >
      {written ? (
        <Written result={written} />
      ) : (
        <>
          <section className={styles.formats} aria-label="Formats">
            {GROUPS.map((group) => (
              <fieldset key={group} className={styles.formatGroup}>
                <legend>{group}</legend>
                {FORMATS.filter((known) => known.group === group).map(({ format, label, note }) => (
                  <div key={format} className={styles.format}>
                    <Checkbox
                      isSelected={formats.includes(format)}
                      onChange={(on) =>
                        setFormats(
                          FORMATS.map((f) => f.format).filter((f) =>
                            f === format ? on : formats.includes(f),
                          ),
                        )
                      }
                    >
                      {label}
                    </Checkbox>
                    <p>{note}</p>
                  </div>
                ))}
              </fieldset>
            ))}
          </section>
          <div style={{ display: 'grid', gap: 'var(--s-4)' }}>
            <span style={{ color: 'var(--ink-2)' }}>Written to a new folder in</span>
            <Button fill icon={<Folder />} onPress={() => void choose()}>
              {place ? place.name : 'the exports folder of the project'}
            </Button>
          </div>
          <p className={styles.quiet}>
            manifest.json is always written with it: run, thresholds, index conventions and a checksum of
            every file.
          </p>
          <ErrorLine error={write.error} />
        </>
      )}
    </Dialog>
  );
}

function Written({ result }: { result: Output<'exports.write'> }) {
  const [copied, setCopied] = useState(false);
  const manifest = result.files.find((file) => file.name === 'manifest.json');
  return (
    <>
      <p role="status">{plural(result.files.length, 'file')} written.</p>
      <div className={styles.path} data-selectable="">
        {manifest ? `${result.folder}/${manifest.name}` : result.folder}
      </div>
      <div className={styles.files}>
        <table>
          <caption className="sr-only">Files</caption>
          <tbody>
            {result.files.map((file) => (
              <tr key={file.name}>
                <td>{file.name}</td>
                <td>{bytes(file.bytes)}</td>
                <td className={styles.mono} title={`SHA-256 ${file.sha256}`} data-selectable="">
                  {file.sha256.slice(0, 12)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {result.notes.length > 0 && (
        <ul className={styles.quiet} aria-label="What the formats could not hold">
          {result.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <div className={styles.actions}>
        {bridge() && (
          <Button small onPress={() => bridge()?.reveal('exports')}>
            Show in folder
          </Button>
        )}
        <Button
          small
          onPress={() => {
            void navigator.clipboard.writeText(result.folder).then(() => setCopied(true));
          }}
        >
          {copied ? 'Copied' : 'Copy the folder’s path'}
        </Button>
      </div>
    </>
  );
}
