// A new run: method, options, features, seed, device, name. Role: every option as the engine describes it, checked
// while typing, and what the run will take before it is started. Limits: trains nothing.
import { useEffect, useRef, useState } from 'react';
import { RadioGroup } from 'react-aria-components';
import { useLocation } from 'wouter';
import type { FeatureSet, Input, MethodInfo, MethodName, Run } from '../../../shared/contract/index.ts';
import { scoringNetwork, wantsLabels } from '../../../shared/method-needs.ts';
import { hasNetwork, takesMixedPrecision } from '../../../shared/mixed-precision.ts';
import { Badge } from '../../components/Badge.tsx';
import { Button, IconButton } from '../../components/Button.tsx';
import { Activity, Dice } from '../../components/icons.tsx';
import { NumberField } from '../../components/NumberField.tsx';
import { Facts, Panel, Section } from '../../components/Panel.tsx';
import { Select } from '../../components/Select.tsx';
import { EmptyState, ErrorLine, ErrorState, LoadingRows } from '../../components/State.tsx';
import { TextField } from '../../components/TextField.tsx';
import { Radios, Segments, Switch } from '../../components/Toggle.tsx';
import { bytes, count, plural } from '../../format.ts';
import type { Grant } from '../../platform/bridge.ts';
import { useKeys } from '../../state/keys.ts';
import { useAction, useCall } from '../../state/queries.ts';
import { bind, kbdOf, RUN_KEYS } from '../keys/actions.ts';
import { ForeignWeights, useWeights } from './ForeignWeights.tsx';
import { defaultsOf, formState, presetValues, type Value, visibleOptions } from './form.ts';
import { KnownLabels, type LabelChoice, labelsInput } from './KnownLabels.tsx';
import { MethodCard } from './MethodCard.tsx';
import { MEMORY_CHOICES, useMemoryChoice } from './memory.ts';
import { NeededDetections, neededKinds, useMissing } from './NeededDetections.tsx';
import styles from './NewRun.module.css';
import { OptionField } from './OptionField.tsx';
import { Prediction } from './Prediction.tsx';
import { freeName } from './runs.ts';

type DeviceChoice = NonNullable<Input<'runs.create'>['device']>;

export function NewRunScreen() {
  const [, go] = useLocation();
  const { data: sets, error: setsError, refetch } = useCall('features.list', {});
  const { data: runs } = useCall('runs.list', {});
  const [setId, setSetId] = useState<number | null>(null);
  const set = sets?.find((other) => other.id === setId) ?? sets?.[0] ?? null;
  const { data: methods, error: methodsError } = useCall(
    'runs.methods',
    { featureSetId: set?.id ?? null },
    { enabled: set !== null, keepPrevious: true },
  );
  const error = setsError ?? methodsError;
  if (error) {
    return (
      <main className={styles.state} data-region="main">
        <ErrorState title="A run cannot be made now" error={error} onRetry={() => void refetch()} />
      </main>
    );
  }
  if (sets && !set) {
    return (
      <main className={styles.state} data-region="main">
        <EmptyState
          icon={<Activity size={20} />}
          title="A run needs features"
          actions={
            <Button variant="primary" onPress={() => go('/library')}>
              Go to the library
            </Button>
          }
        >
          Import videos and extract features first, or import features computed elsewhere.
        </EmptyState>
      </main>
    );
  }
  if (!set || !methods || !sets) return <LoadingRows label="Reading methods and features" />;
  return (
    <NewRunForm key={set.id} sets={sets} set={set} methods={methods} runs={runs ?? []} onSet={setSetId} />
  );
}

interface NewRunFormProps {
  sets: readonly FeatureSet[];
  set: FeatureSet;
  methods: readonly MethodInfo[];
  runs: readonly Run[];
  onSet(id: number): void;
}

const OWN = 'own';

function NewRunForm({ sets, set, methods, runs, onSet }: NewRunFormProps) {
  const [, go] = useLocation();
  const [method, setMethod] = useState<MethodName>(
    methods.some((info) => info.name === 'c2fpl') ? 'c2fpl' : methods[0].name,
  );
  const info = methods.find((other) => other.name === method)!;
  const methodsRef = useRef<HTMLDivElement>(null);
  // Where a form begins; whoever is elsewhere already stays there.
  useEffect(() => {
    if (document.activeElement === document.body)
      methodsRef.current?.querySelector<HTMLElement>('input:checked')?.focus({ preventScroll: true });
  }, []);
  const [preset, setPreset] = useState<Readonly<Record<string, string>>>({});
  const [changes, setChanges] = useState<Readonly<Record<string, Readonly<Record<string, Value>>>>>({});
  const [showAll, setShowAll] = useState(false);
  const [seed, setSeed] = useState(1);
  const [device, setDevice] = useState<DeviceChoice>('auto');
  const [mixedWanted, setMixedWanted] = useState(false);
  const [name, setName] = useState('');
  const [labels, setLabels] = useState<LabelChoice>({ source: 'truth', list: null });
  const [weights, setWeights] = useState<Grant | null>(null);
  const [memory, setMemory] = useMemoryChoice();
  const devices = useCall('app.devices', {}).data;
  const computesOn = device === 'auto' ? devices?.find(({ chosen }) => chosen)?.name : device;
  const mixable = computesOn !== undefined && hasNetwork(method) && takesMixedPrecision(computesOn);
  const create = useAction('runs.create', ({ runId }) => go(`/runs/${runId}`));

  const presetName = preset[method] ?? info.presets[0]?.name ?? OWN;
  const base = presetName === OWN ? defaultsOf(info) : presetValues(info, presetName);
  const values = { ...base, ...changes[method] };
  const state = formState(info, values, base);
  const shown = visibleOptions(info, showAll, state);
  const suggested = freeName(method, runs);
  const seedProblem = Number.isInteger(seed) && seed >= 0 ? null : 'Seed';
  const labelled = wantsLabels(info, values);
  const videoLabels = labelled ? labelsInput(labels) : null;
  const network = scoringNetwork(info, values);
  const { error: weightsError } = useWeights(network === null ? null : weights);
  const needed = neededKinds(info, values);
  const missing = useMissing(needed);
  const toFix = [
    ...state.problems.map(({ option }) => option.label),
    ...(labelled && videoLabels === null ? ['Known video labels'] : []),
    ...missing.map((kind) => (kind === 'boxes' ? 'Boxes of objects' : 'Poses of persons')),
    ...(network !== null && weights && weightsError ? ['Weights'] : []),
    ...(seedProblem ? [seedProblem] : []),
  ];

  const training: Input<'runs.estimate'> = {
    method,
    featureSetId: set.id,
    device,
    mixedPrecision: mixable && mixedWanted,
    memoryMiB: memory === 'auto' ? null : Number(memory),
    config: values,
    videoLabels,
    weights: network === null ? null : (weights?.grant ?? null),
  };

  const choosePreset = (next: string): void => {
    setPreset({ ...preset, [method]: next });
    setChanges({ ...changes, [method]: {} });
  };
  const change = (key: string, value: Value): void =>
    setChanges({ ...changes, [method]: { ...changes[method], [key]: value } });
  const start = (): void => {
    if (toFix.length > 0 || create.pending) return;
    create.run({ ...training, name: name.trim() || suggested, seed });
  };
  useKeys(bind(RUN_KEYS.start, start));

  return (
    <div className={styles.newRun}>
      <main className={styles.form} data-region="main">
        <header className={styles.head}>
          <div>
            <h1>New run</h1>
            <p>
              {labelled ? 'These options use known labels of whole videos.' : 'No labels are needed.'} Results
              become a layer of their own and change nothing that is there.
            </p>
          </div>
          {info.presets.length > 0 && (
            <Segments
              label="Preset"
              value={state.changed.length > 0 ? OWN : presetName}
              onChange={choosePreset}
              options={[
                ...info.presets.map((p) => ({ value: p.name, label: p.label })),
                ...(state.changed.length > 0 ? [{ value: OWN, label: 'Own' }] : []),
              ]}
            />
          )}
        </header>
        <RadioGroup
          ref={methodsRef}
          aria-label="Method"
          className={styles.cards}
          value={method}
          onChange={(next) => setMethod(next as MethodName)}
          orientation="horizontal"
        >
          {methods.map((other) => (
            <MethodCard key={other.name} info={other} />
          ))}
        </RadioGroup>
        <Panel className={styles.optionsPanel}>
          <div className={styles.optionsHead}>
            <h2>{info.title}: options</h2>
            {state.problems.length > 0 && <Badge tone="bad">{state.problems.length} to fix</Badge>}
            {state.changed.length > 0 && (
              <Badge>
                {state.changed.length} {state.changed.length === 1 ? 'differs' : 'differ'} from the{' '}
                {info.presets.length > 0 ? 'preset' : 'default'}
              </Badge>
            )}
            <span className={styles.space} />
            {state.changed.length > 0 && (
              <Button small variant="quiet" onPress={() => setChanges({ ...changes, [method]: {} })}>
                Reset
              </Button>
            )}
            {info.options.some((option) => option.advanced) && (
              <Switch isSelected={showAll} onChange={setShowAll}>
                Show all {info.options.length}
              </Switch>
            )}
          </div>
          <p className={styles.about}>
            {info.summary}
            <span className={styles.paper}>{info.paper}</span>
          </p>
          <div className={styles.options}>
            {shown.length === 0 && (
              <p className={styles.quiet}>Nothing has to be set. Show all to see what can be.</p>
            )}
            {shown.map((option) => (
              <OptionField
                key={`${method} ${presetName} ${option.key}`}
                option={option}
                value={values[option.key]}
                onChange={(value) => change(option.key, value)}
              />
            ))}
          </div>
        </Panel>
      </main>
      <aside className={styles.aside} aria-label="Data and device" data-region="details">
        <Section title="Features">
          <div className={styles.stack}>
            <Select
              label="Feature set"
              hideLabel
              value={String(set.id)}
              onChange={(id) => onSet(Number(id))}
              choices={sets.map((other) => ({
                value: String(other.id),
                label: other.name,
                note: `${plural(other.videos, 'video')}, ${count(other.dim)} numbers`,
              }))}
            />
            <Facts
              facts={[
                [
                  'Videos',
                  set.missing > 0 ? `${count(set.videos)}, ${count(set.missing)} without` : count(set.videos),
                ],
                ['Segments', count(set.segments)],
                [
                  'Each segment',
                  set.segmentation === 'shares'
                    ? `${count(set.dim)} numbers, a share of its video`
                    : set.crops > 1
                      ? `${set.crops} crops × ${count(set.dim)}`
                      : `${count(set.dim)} numbers`,
                ],
                ['Size', bytes(4 * set.segments * set.crops * set.dim)],
              ]}
            />
          </div>
        </Section>
        {needed.map((kind) => (
          <NeededDetections key={kind} kind={kind} />
        ))}
        {network !== null && <ForeignWeights network={network} folder={weights} onChange={setWeights} />}
        {labelled && <KnownLabels featureSetId={set.id} choice={labels} onChange={setLabels} />}
        <Section title="Device" aux="tried with a real step">
          {devices ? (
            <Radios<DeviceChoice>
              label="Device"
              value={device}
              onChange={setDevice}
              options={[
                {
                  value: 'auto',
                  label: (
                    <DeviceLabel
                      name="Best one"
                      figure={devices.find((d) => d.chosen)?.title ?? 'none usable'}
                    />
                  ),
                },
                ...devices
                  .filter((d) => d.usable)
                  .map((d) => ({
                    value: d.name as DeviceChoice,
                    label: (
                      <DeviceLabel
                        name={d.title}
                        figure={d.gflops === null ? '' : `${count(Math.round(d.gflops))} GFLOP/s`}
                      />
                    ),
                  })),
              ]}
            />
          ) : (
            <LoadingRows rows={2} height={24} label="Trying the devices" />
          )}
          {mixable && (
            <div className={styles.memory}>
              <Switch apart isSelected={mixedWanted} onChange={setMixedWanted}>
                Mixed precision
              </Switch>
              <small className={styles.paper}>Products in float16, weights and sums in float32.</small>
            </div>
          )}
          <div className={styles.memory}>
            <Select
              label="Memory for features"
              value={memory}
              onChange={setMemory}
              choices={MEMORY_CHOICES}
              hint="A larger set is read from its files while training. The result is the same."
            />
          </div>
        </Section>
        <Prediction
          options={toFix.every((name) => name === seedProblem) && !create.pending ? training : null}
          device={hasNetwork(method) ? computesOn : devices && 'cpu'}
        />
        <Section title="Reproduce">
          <div className={styles.stack}>
            <NumberField
              label="Seed"
              beside
              integer
              min={0}
              value={seed}
              onChange={setSeed}
              end={
                <IconButton
                  small
                  label="Another seed"
                  icon={<Dice size={14} />}
                  onPress={() => setSeed(1 + Math.floor(Math.random() * 9999))}
                />
              }
              hint="The same seed, options, features and device give the same run."
            />
          </div>
        </Section>
        <span className={styles.push} />
        <div className={styles.foot}>
          <TextField label="Name" value={name} onChange={setName} placeholder={suggested} />
          <Button
            variant="primary"
            fill
            isDisabled={toFix.length > 0 || create.pending}
            onPress={start}
            kbd={kbdOf(RUN_KEYS.start)}
          >
            Start run
          </Button>
          {toFix.length > 0 && (
            <p className={styles.why} role="status">
              Fix {toFix.length === 1 ? 'this' : 'these'} first: {toFix.join(', ')}
            </p>
          )}
          <ErrorLine error={create.error} />
        </div>
      </aside>
    </div>
  );
}

function DeviceLabel({ name, figure }: { name: string; figure: string }) {
  return (
    <span className={styles.deviceLabel}>
      <span>{name}</span>
      <small>{figure}</small>
    </span>
  );
}
