// Which labels, and by which conventions. Role: the source of the labels, layers of the review, options of the format that
// is looked at. Limits: changes choices only; what they lead to is shown by the dry run.
import type {
  ExportFormat,
  ExportOptions,
  LabelCounts,
  LabelLayer,
  LabelSource,
  Run,
} from '../../../shared/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { cx } from '../../components/cx.ts';
import { type Choice, Select } from '../../components/Select.tsx';
import { smoothText } from '../../components/SmoothSelect.tsx';
import { Checkbox, Radios } from '../../components/Toggle.tsx';
import { count, plural, score } from '../../format.ts';
import { ownRulesText } from '../runs/runs.ts';
import styles from './Export.module.css';
import { CONVENTIONS } from './formats.ts';
import { LayerList } from './LayerList.tsx';

type ReviewLayer = 'human' | 'rule' | 'model';
const REVIEW: readonly { layer: ReviewLayer; label: string }[] = [
  { layer: 'human', label: 'Human' },
  { layer: 'rule', label: 'Rule' },
  { layer: 'model', label: 'Model, unreviewed' },
];

export interface ConventionsProps {
  format: ExportFormat;
  source: LabelSource;
  onSource(source: LabelSource): void;
  options: ExportOptions;
  onOptions(options: ExportOptions): void;
  runs: readonly Run[];
  layers: readonly LabelLayer[];
  hasTruth: boolean;
  /** Of all layers of the review; null while unknown. */
  counts: LabelCounts | null;
}

const keyOf = (source: LabelSource): string => (source.kind === 'layer' ? `layer ${source.id}` : source.kind);

export function Conventions(props: ConventionsProps) {
  const { format, source, onSource, options, onOptions, runs, layers, hasTruth, counts } = props;
  const run = 'runId' in source ? (runs.find(({ id }) => id === source.runId) ?? null) : null;
  const choices: Choice<string>[] = [
    ...(runs.length > 0
      ? [
          {
            value: 'inUse',
            label: 'In use after review',
            note: 'people, rules, and the model where nobody decided',
          },
          { value: 'run', label: 'Pseudo-labels of a run', note: 'as the method gave them' },
        ]
      : []),
    ...(hasTruth ? [{ value: 'truth', label: 'Ground truth', note: 'what runs are evaluated against' }] : []),
    ...layers.map((layer) => ({
      value: `layer ${layer.id}`,
      label: layer.name,
      note: `imported, ${plural(layer.events, 'event')}`,
    })),
  ];
  const choose = (value: string): void => {
    const runId = run?.id ?? runs[0]?.id;
    if (value === 'truth') onSource({ kind: 'truth' });
    else if (value === 'inUse' && runId !== undefined)
      onSource({ kind: 'inUse', runId, layers: ['human', 'rule', 'model'] });
    else if (value === 'run' && runId !== undefined) onSource({ kind: 'run', runId });
    else onSource({ kind: 'layer', id: Number(value.replace('layer ', '')) });
  };
  return (
    <section className={styles.conventions} data-region="conventions" aria-label="Labels and conventions">
      <div className={styles.block}>
        <h2>Which labels</h2>
        <Select label="Labels" hideLabel value={keyOf(source)} onChange={choose} choices={choices} />
        {'runId' in source && (
          <Select
            label="Run"
            hideLabel
            value={String(source.runId)}
            onChange={(id) => onSource({ ...source, runId: Number(id) })}
            choices={runs.map(({ id, name }) => ({ value: String(id), label: name }))}
          />
        )}
        {source.kind === 'inUse' && source.at !== undefined && (
          <div className={styles.option} role="status">
            <span>As of row {count(source.at)} of the log</span>
            <Button
              small
              onPress={() => {
                const { at: _then, ...now } = source;
                onSource(now);
              }}
            >
              As of now
            </Button>
          </div>
        )}
        {source.kind === 'inUse' &&
          REVIEW.map(({ layer, label }) => (
            <div key={layer} className={styles.option}>
              <Checkbox
                isSelected={source.layers.includes(layer)}
                isDisabled={source.layers.length === 1 && source.layers[0] === layer}
                onChange={(on) =>
                  onSource({
                    ...source,
                    layers: REVIEW.map((entry) => entry.layer).filter((other) =>
                      other === layer ? on : source.layers.includes(other),
                    ),
                  })
                }
              >
                <i className={cx(styles.swatch, styles[layer])} aria-hidden="true" />
                {label}
              </Checkbox>
              <small>{counts ? plural(counts.events[layer], 'event') : ''}</small>
            </div>
          ))}
        {counts && counts.ignoredRanges > 0 && (
          <p className={styles.quiet}>
            {plural(counts.ignoredRanges, 'range')} to ignore: written as masks of their own.
          </p>
        )}
      </div>
      {(CONVENTIONS[format] ?? []).map((convention) => (
        <div key={convention.key} className={styles.block}>
          <h2>{convention.label}</h2>
          <Radios
            label={convention.label}
            value={String(options[convention.key])}
            onChange={(value) => onOptions({ ...options, [convention.key]: value })}
            options={convention.choices.map(({ value, label, aside }) => ({
              value,
              label: (
                <span className={styles.radio}>
                  <span>{label}</span>
                  {aside && <small>{aside}</small>}
                </span>
              ),
            }))}
          />
        </div>
      ))}
      {format === 'xd' && (
        <div className={styles.block}>
          <h2>Classes</h2>
          <Checkbox
            isSelected={options.xdClasses}
            onChange={(xdClasses) => onOptions({ ...options, xdClasses })}
          >
            A class before each pair
          </Checkbox>
        </div>
      )}
      <div className={styles.block}>
        <h2>Names of videos</h2>
        <div className={styles.option}>
          <Checkbox
            isSelected={options.names === 'codes'}
            onChange={(on) => onOptions({ ...options, names: on ? 'codes' : 'own' })}
          >
            Replace by codes
          </Checkbox>
          <small>key stays here</small>
        </div>
      </div>
      <LayerList layers={layers} />
      {run && (
        <p className={styles.provenance}>
          Scores: {run.name}, {run.rule.smooth && `${smoothText(run.rule.smooth).toLowerCase()}, `}on{' '}
          {score(run.rule.on)}, off {score(run.rule.off)}, at least {count(run.rule.minFrames)} frames, gaps
          under {count(run.rule.gapFrames)} closed. {ownRulesText(run.ownRules)} These go into manifest.json.
        </p>
      )}
    </section>
  );
}
