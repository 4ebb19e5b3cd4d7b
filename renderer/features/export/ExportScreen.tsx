// Labels to files. Role: formats, labels and conventions, a dry run of the format that is looked at, and the export itself.
// Limits: what is written and how readers take it is the engine's answer.
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { LabelSource, Output } from '../../../shared/contract/index.ts';
import { Badge } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { Check, Folder, Upload } from '../../components/icons.tsx';
import { EmptyState, ErrorLine, ErrorState, LoadingRows } from '../../components/State.tsx';
import { plural } from '../../format.ts';
import type { Grant } from '../../platform/bridge.ts';
import { useKeys } from '../../state/keys.ts';
import { useRunChoice } from '../../state/project.ts';
import { useAction, useCall } from '../../state/queries.ts';
import { bind, EXPORT_KEYS, kbdOf } from '../keys/actions.ts';
import { pickFolder } from '../picker/picker.ts';
import { Conventions } from './Conventions.tsx';
import { DryRun } from './DryRun.tsx';
import styles from './Export.module.css';
import { FormatList } from './FormatList.tsx';
import { type ChosenExport, chosenExport, entryOf } from './formats.ts';
import { LayerList } from './LayerList.tsx';
import { Written } from './Written.tsx';

const ALL_LAYERS: ('human' | 'rule' | 'model')[] = ['human', 'rule', 'model'];

export interface ExportScreenProps {
  /** The run to begin with; null: the usual one. */
  runId: number | null;
  /** A row of the review's log: the labels in use as they were right after it; null: as they are. */
  at: number | null;
}

export function ExportScreen({ runId, at }: ExportScreenProps) {
  const [, go] = useLocation();
  const { runs: allRuns, run: usual } = useRunChoice();
  const runs = allRuns.filter((run) => run.state === 'done');
  const layers = useCall('layers.list', {});
  const truth = useCall('exports.truth', {});
  const { formats, options, shown } = chosenExport.use((state) => state.value);
  const [wanted, setWanted] = useState<LabelSource | null>(null);
  const [place, setPlace] = useState<Grant | null>(null);
  const [written, setWritten] = useState<Output<'exports.write'> | null>(null);
  const write = useAction('exports.write', setWritten);

  const first = runs.find((run) => run.id === runId) ?? usual;
  const source: LabelSource | null =
    standing(wanted, runs, layers.data ?? []) ??
    (first
      ? { kind: 'inUse', runId: first.id, layers: ALL_LAYERS, ...(at !== null && { at }) }
      : (truth.data?.videos ?? 0) > 0
        ? { kind: 'truth' }
        : layers.data?.[0]
          ? { kind: 'layer', id: layers.data[0].id }
          : null);
  const everyLayer = source?.kind === 'inUse' ? { ...source, layers: ALL_LAYERS } : source;
  const counts = useCall(
    'exports.counts',
    { labels: everyLayer ?? { kind: 'truth' } },
    { enabled: everyLayer !== null, keepPrevious: true },
  );
  const preview = useCall(
    'exports.preview',
    { labels: source ?? { kind: 'truth' }, format: shown, options },
    { enabled: source !== null, keepPrevious: true },
  );
  const choose = (more: Partial<ChosenExport>): void => {
    chosenExport.set({ formats, options, shown, ...more });
    setWritten(null);
  };
  const start = (): void => {
    if (source === null || formats.length === 0 || write.pending) return;
    write.run({ labels: source, formats: [...formats], options, grant: place?.grant ?? null });
  };
  const pick = async (): Promise<void> => {
    const folder = await pickFolder('export');
    if (folder) setPlace(folder);
  };
  useKeys(bind(EXPORT_KEYS.write, start));

  if (source === null) {
    if (layers.data === undefined || truth.data === undefined)
      return <LoadingRows label="Looking for labels" />;
    return (
      <div className={styles.empty}>
        <EmptyState
          title="There are no labels yet"
          actions={
            <Button variant="primary" onPress={() => go('/runs/new')}>
              Train a method
            </Button>
          }
        >
          A finished run gives labels to export. Labels made elsewhere, and ground truth, can be imported
          here.
        </EmptyState>
        <LayerList layers={[]} />
      </div>
    );
  }
  const { label } = entryOf(shown);
  return (
    <div className={styles.screen}>
      <FormatList
        chosen={formats}
        shown={shown}
        source={source}
        options={options}
        onChange={(chosen, looked) => choose({ formats: chosen, shown: looked })}
      />
      <Conventions
        format={shown}
        source={source}
        onSource={(next) => {
          setWanted(next);
          setWritten(null);
        }}
        options={options}
        onOptions={(next) => choose({ options: next })}
        runs={runs}
        layers={layers.data ?? []}
        hasTruth={(truth.data?.videos ?? 0) > 0}
        counts={counts.data ?? null}
      />
      <main className={styles.dry} data-region="main" aria-label="Dry run">
        {written ? (
          <Written result={written} onBack={() => setWritten(null)} />
        ) : (
          <div className={styles.preview}>
            <header className={styles.dryHead}>
              <h2>{label}</h2>
              <small>dry run, nothing is written yet</small>
              {preview.data?.readBack?.same && (
                <Badge tone="human">
                  <Check size={12} />
                  Reads back the same
                </Badge>
              )}
            </header>
            {preview.error ? (
              <ErrorState
                title="This cannot be shown"
                error={preview.error}
                onRetry={() => void preview.refetch()}
              />
            ) : preview.data ? (
              <DryRun preview={preview.data} />
            ) : (
              <LoadingRows label="Making the files in memory" />
            )}
          </div>
        )}
        <footer className={styles.foot}>
          <Button icon={<Folder size={14} />} onPress={() => void pick()}>
            {place ? place.name : 'exports of the project'}
          </Button>
          <ErrorLine error={write.error} />
          <small>
            {formats.length === 0
              ? 'Choose at least one format'
              : `${plural(formats.length, 'format')}, into a new folder`}
          </small>
          <Button
            variant="primary"
            icon={<Upload size={14} />}
            kbd={kbdOf(EXPORT_KEYS.write)}
            isDisabled={formats.length === 0 || write.pending}
            onPress={start}
          >
            {write.pending ? 'Writing…' : 'Export'}
          </Button>
        </footer>
      </main>
    </div>
  );
}

/** What was chosen, as long as it is there. */
function standing(
  source: LabelSource | null,
  runs: readonly { id: number }[],
  layers: readonly { id: number }[],
): LabelSource | null {
  if (source === null) return null;
  if ('runId' in source) return runs.some(({ id }) => id === source.runId) ? source : null;
  if (source.kind === 'layer') return layers.some(({ id }) => id === source.id) ? source : null;
  return source;
}
