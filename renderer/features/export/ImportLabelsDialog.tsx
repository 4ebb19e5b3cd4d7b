// Bringing in labels made elsewhere. Role: files, how they count, what they become, and a report of what matches before
// anything is stored. Limits: reading and matching are the engine's part.
import { useState } from 'react';
import { FORMAT_NAMES, importOptions } from '../../../shared/contract/formats.ts';
import type { ImportFormat, ImportOptions, LabelReport } from '../../../shared/contract/index.ts';
import { Badge } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { File, Folder } from '../../components/icons.tsx';
import { Select } from '../../components/Select.tsx';
import { ErrorLine } from '../../components/State.tsx';
import { TextField } from '../../components/TextField.tsx';
import { Radios } from '../../components/Toggle.tsx';
import { count, plural } from '../../format.ts';
import type { Grant } from '../../platform/bridge.ts';
import { useAction } from '../../state/queries.ts';
import { pickFiles, pickFolder } from '../picker/picker.ts';
import styles from './Export.module.css';
import { FORMATS } from './formats.ts';

const DEFAULTS: ImportOptions = importOptions.parse({});

const FORMAT_CHOICES = [
  { value: 'auto', label: 'Recognise it from the files' },
  ...FORMATS.filter(({ format }) => format !== 'pytorch').map(({ format, label }) => ({
    value: format,
    label,
  })),
  { value: 'gt_frames', label: FORMAT_NAMES.gt_frames },
];

export function ImportLabelsDialog({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  const [grants, setGrants] = useState<readonly Grant[]>([]);
  const [format, setFormat] = useState('auto');
  const [options, setOptions] = useState(DEFAULTS);
  const [as, setAs] = useState<'layer' | 'truth'>('layer');
  const [name, setName] = useState('');
  const [report, setReport] = useState<LabelReport | null>(null);
  const check = useAction('layers.import', setReport);
  const close = (): void => {
    setGrants([]);
    setFormat('auto');
    setOptions(DEFAULTS);
    setName('');
    setReport(null);
    check.reset();
    store.reset();
    onClose();
  };
  const store = useAction('layers.import', close);
  const input = (
    chosen: readonly Grant[],
    more: Partial<{ format: string; options: ImportOptions }> = {},
  ) => {
    const wanted = more.format ?? format;
    return {
      grants: chosen.map(({ grant }) => grant),
      format: wanted === 'auto' ? null : (wanted as ImportFormat),
      options: more.options ?? options,
      as,
      name: name.trim(),
    };
  };
  /** The report belongs to what is chosen, so it is made anew after every change. */
  const recheck = (chosen: readonly Grant[], more: Parameters<typeof input>[1] = {}): void => {
    setReport(null);
    check.reset();
    if (chosen.length > 0) check.run({ ...input(chosen, more), store: false });
  };
  const choose = async (what: 'files' | 'folder'): Promise<void> => {
    const folder = what === 'folder' ? await pickFolder('labels') : null;
    const chosen = folder ? [folder] : what === 'files' ? await pickFiles('labels') : [];
    if (chosen.length === 0) return;
    setGrants(chosen);
    recheck(chosen);
  };
  const needsBase =
    format === 'ucf' || report?.format === 'ucf' || (check.error?.message.includes('matlab1') ?? false);
  const needsStudio = format === 'label_studio' || report?.format === 'label_studio';
  const lists = choicesIn(check.error, 'anomalous');
  return (
    <Dialog
      title="Import labels"
      isOpen={isOpen}
      onClose={close}
      width={560}
      footer={
        <>
          <Button onPress={close}>Cancel</Button>
          <Button
            variant="primary"
            isDisabled={!report || report.videos === 0 || store.pending}
            onPress={() => store.run({ ...input(grants), store: true })}
          >
            {as === 'truth' ? 'Use as ground truth' : 'Import as a layer'}
          </Button>
        </>
      }
    >
      <p className={styles.quiet}>
        Labels of any format that is exported here. They become a layer of their own: runs, reviews and their
        history stay as they are.
      </p>
      <div className={styles.pick}>
        <Button icon={<File />} onPress={() => void choose('files')}>
          Choose files…
        </Button>
        <Button icon={<Folder />} onPress={() => void choose('folder')}>
          Choose a folder…
        </Button>
        <span>
          {grants.length === 0 ? '' : grants.length === 1 ? grants[0].name : plural(grants.length, 'file')}
        </span>
      </div>
      <Select
        label="Format"
        value={format}
        onChange={(value) => {
          setFormat(value);
          recheck(grants, { format: value });
        }}
        choices={FORMAT_CHOICES}
      />
      {needsBase && (
        <Select
          label="How its frames are counted"
          value={options.ucfBase}
          placeholder="The file does not say; choose"
          onChange={(ucfBase) => {
            const next = { ...options, ucfBase };
            setOptions(next);
            recheck(grants, { options: next });
          }}
          choices={[
            { value: 'matlab1', label: 'From 1, last included', note: 'as the authors score' },
            { value: 'py_incl', label: 'From 0, last included', note: 'as RTFM reads' },
            { value: 'py_half', label: 'From 0, end excluded', note: 'as VadCLIP reads' },
          ]}
        />
      )}
      {needsStudio && (
        <Select
          label="How its frames are counted"
          value={options.labelStudioBase}
          onChange={(labelStudioBase) => {
            const next = { ...options, labelStudioBase };
            setOptions(next);
            recheck(grants, { options: next });
          }}
          choices={[
            { value: 'ui', label: 'From 1, last included', note: "Label Studio's page" },
            { value: 'ml_backend', label: 'From 0, end excluded', note: 'its example of a video model' },
          ]}
        />
      )}
      {(lists.length > 0 || options.list !== null) && (
        <Select
          label="Which of its lists"
          value={options.list}
          onChange={(list) => {
            const next = { ...options, list };
            setOptions(next);
            recheck(grants, { options: next });
          }}
          choices={(lists.length > 0 ? lists : [options.list ?? '']).map((value) => ({
            value,
            label: value,
          }))}
        />
      )}
      <Radios<'layer' | 'truth'>
        label="What they become"
        value={as}
        onChange={setAs}
        options={[
          { value: 'layer', label: 'A layer of its own, beside runs and reviews' },
          { value: 'truth', label: 'Ground truth, which runs are evaluated against' },
        ]}
      />
      {as === 'layer' && (
        <TextField
          label="Name of the layer"
          value={name}
          onChange={setName}
          placeholder={grants[0]?.name ?? 'That of the file or folder'}
        />
      )}
      {check.pending && <p role="status">Reading and matching…</p>}
      <ErrorLine error={check.error ?? store.error} />
      {report && <Report report={report} />}
    </Dialog>
  );
}

/** Choices that a refusal offers, where they are of this kind. */
function choicesIn(error: { details?: Record<string, unknown> } | null, begin: string): string[] {
  const choices = error?.details?.choices;
  if (!Array.isArray(choices)) return [];
  return choices.filter((item): item is string => typeof item === 'string' && item.startsWith(begin));
}

/** What became of every name in the files. */
function Report({ report }: { report: LabelReport }) {
  const lists: { title: string; lines: string[] }[] = [
    { title: 'Names that no video has', lines: report.unmatched },
    {
      title: 'Names that several videos have',
      lines: report.ambiguous.map(({ key, videos }) => `${key}: ${videos.join(', ')}`),
    },
    { title: 'Not used', lines: report.refused.map(({ key, reason }) => `${key}: ${reason}`) },
    { title: 'Told', lines: report.notes },
  ];
  return (
    <section className={styles.report} aria-label="What matches" role="status">
      <p>
        <Badge tone={report.videos > 0 ? 'human' : 'bad'}>{plural(report.videos, 'video')}</Badge>{' '}
        {plural(report.events, 'event')}, {plural(report.normalVideos, 'video')} without any
        {report.videosWithScores > 0 && `, ${count(report.videosWithScores)} with scores`}.{' '}
        {plural(report.without, 'video')} of the project {report.without === 1 ? 'is' : 'are'} not named.
      </p>
      {lists
        .filter(({ lines }) => lines.length > 0)
        .map(({ title, lines }) => (
          <details key={title} open={lines.length <= 5}>
            <summary>
              {title} ({count(lines.length)})
            </summary>
            <ul data-selectable="">
              {lines.slice(0, 200).map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </details>
        ))}
    </section>
  );
}
