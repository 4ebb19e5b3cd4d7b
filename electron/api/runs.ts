// Calls about runs: methods, training, rules, events, evaluation.
import { readFile } from 'node:fs/promises';
import type { MethodOption, ModelEvent, ParsedInput } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { eventsOf } from '../../shared/labels/events.ts';
import { ruleOf } from '../../shared/labels/rules.ts';
import { wantsLabels } from '../../shared/method-needs.ts';
import { describeDevice, requireMixedPrecision } from '../compute/catalogue.ts';
import { completeConfig, trainRequest } from '../jobs/requests.ts';
import { type GivenLabels, givenLabels } from '../jobs/video-labels.ts';
import { weightsIn } from '../jobs/weights.ts';
import { methods } from '../methods/index.ts';
import { devices } from './app.ts';
import type { Context, HandlersOf } from './context.ts';
import { evaluateRun } from './evaluation.ts';
import { makeConsensus } from './quality/consensus.ts';
import { rulesAsked } from './review/open-queue.ts';
import { setRule } from './review/set-rule.ts';

export function runHandlers(context: Context): HandlersOf<'runs'> {
  const actor = context.options.host;
  const changed = () => context.emit('runs.changed', {});
  return {
    'runs.methods': ({ featureSetId }) => {
      const extractor =
        featureSetId === null ? 'import' : context.opened().store.features.set(featureSetId).extractor;
      return Object.values(methods).map((method) => {
        const { values, why } = method.defaultsFor(extractor);
        const given = values as Record<string, MethodOption['default']>;
        return {
          ...method.info,
          summary: why ? `${method.info.summary} ${why}` : method.info.summary,
          options: method.info.options.map((option) => ({
            ...option,
            default: given[option.key] ?? option.default,
          })),
        };
      });
    },
    'runs.create': async (input) => {
      const { store, queue, estimates } = context.opened();
      const { videoLabels: _, ...rest } = input;
      const settled = await settle(context, input);
      estimates.stop();
      const { runId, request } = trainRequest(store, { ...rest, ...settled });
      const jobId = queue.add(request);
      changed();
      return { runId, jobId };
    },
    'runs.estimate': async (input) => {
      const { store, estimates } = context.opened();
      const { videoLabels: _, again, ...rest } = input;
      const settled = await settle(context, input);
      const plan = { ...rest, ...settled, config: completeConfig(store, input) };
      const found = await estimates.of(plan, again);
      return { ...found, deviceTitle: describeDevice(found.device).title };
    },
    'runs.stopEstimate': () => {
      context.current?.estimates.stop();
      return {};
    },
    'runs.weights': ({ grant }) => weightsIn(context.grants.path(grant)),
    'runs.knownLabels': async (input) => {
      const { given, counts } = await knownLabels(context, input);
      return { file: given.file, ...counts };
    },
    'runs.consensus': (input) => {
      const runId = makeConsensus(context.opened(), input);
      changed();
      return { runId };
    },
    'runs.list': () => context.opened().store.runs.list(),
    'runs.get': ({ id }) => context.opened().store.runs.get(id),
    'runs.maps': ({ id }) => context.opened().store.runs.maps(id),
    'runs.rename': ({ id, name }) => {
      context.opened().store.runs.rename(id, name);
      changed();
      return {};
    },
    'runs.remove': ({ id }) => {
      const { store } = context.opened();
      const run = store.runs.get(id);
      if (run.state === 'running' || run.state === 'queued') {
        throw new AppError('conflict', `${run.name} is still at work. Stop it first.`);
      }
      store.transaction(() => {
        store.audit.append({
          actor,
          action: 'runs.remove',
          detail: { run: id, name: run.name, config: run.config },
        });
        store.runs.remove(id);
      });
      changed();
      return {};
    },
    'runs.setRule': (input) => {
      const change = setRule(context.opened().store, input);
      if (change) {
        context.emit('review.changed', change);
        changed();
      }
      return {};
    },
    'runs.events': ({ id, perCamera, ...asked }) => {
      const { store, scores } = context.opened();
      const of = ruleOf(rulesAsked(store.runs.get(id), asked));
      return scores
        .of(id, perCamera)
        .flatMap((video) =>
          eventsOf(video.scores, video.frames, of(video)).map(
            (event): ModelEvent => ({ ...event, videoId: video.videoId }),
          ),
        );
    },
    'runs.evaluate': ({ id, ...options }) => {
      const { store } = context.opened();
      const metrics = evaluateRun(store, id, options);
      if (options.only === null && options.smooth === 0) {
        store.runs.setMetrics(id, metrics);
        changed();
      }
      return metrics;
    },
  };
}

type Options = Omit<ParsedInput<'runs.estimate'>, 'again'>;

/** Device, labels and weights of a training, looked at before anything is queued. @throws AppError for what cannot be */
async function settle(
  context: Context,
  input: Options,
): Promise<{ device: string; given: GivenLabels | null; weights: string | null }> {
  const { store } = context.opened();
  const weights = input.weights === null ? null : context.grants.path(input.weights);
  // Nothing is queued for a folder that no network could take.
  if (weights !== null) await weightsIn(weights);
  const { videoLabels, featureSetId } = input;
  const given = wantsLabels(methods[input.method].info, completeConfig(store, input))
    ? (await knownLabels(context, { source: 'truth', grant: null, ...videoLabels, featureSetId })).given
    : refuseLabels(input);
  const device = methods[input.method].needsDevice ? await usableDevice(context, input.device) : 'cpu';
  if (input.mixedPrecision) refuseWhole(input.method, device);
  return { device, given, weights };
}

/** What is known of the videos of a feature set, from the chosen source. */
async function knownLabels(
  context: Context,
  { featureSetId, source, grant }: ParsedInput<'runs.knownLabels'>,
): Promise<ReturnType<typeof givenLabels>> {
  const { store } = context.opened();
  const name = grant === null ? null : context.grants.path(grant);
  const list = source === 'list' && name !== null ? { name, bytes: await readFile(name) } : null;
  return givenLabels(store, featureSetId, source, list);
}

/** Labels that a run would not look at are a misunderstanding. @throws AppError `bad_input` when there are some. */
function refuseLabels({ method, videoLabels }: Options): null {
  if (videoLabels === null) return null;
  const { title, knownLabels: wanted } = methods[method].info;
  throw new AppError(
    'bad_input',
    wanted
      ? `With these options ${title} does not look at known video labels. It does with ${wanted.option} = ${wanted.values.join(' or ')}.`
      : `${title} never looks at known video labels. Leave them away.`,
  );
}

/** Mixed precision where everything computes whole. @throws AppError `bad_input` */
function refuseWhole(method: Options['method'], device: string): void {
  const { info, needsDevice } = methods[method];
  if (needsDevice) {
    requireMixedPrecision(device);
    return;
  }
  throw new AppError(
    'bad_input',
    `${info.title} trains no network, so there is nothing for mixed precision. Leave it away.`,
  );
}

/** The device a run gets. A software adapter is usable only when asked for by name. @throws AppError `unavailable` */
async function usableDevice(context: Context, asked: Options['device']): Promise<string> {
  const found = await devices(context, false);
  const wanted = found.find((device) => (asked === 'auto' ? device.chosen : device.name === asked));
  const byName = asked !== 'auto' && wanted !== undefined && wanted.stepMs !== null;
  if (!wanted || !(wanted.usable || byName)) {
    throw new AppError(
      'unavailable',
      `The device ${asked} cannot be used here: ${wanted?.reason ?? 'it is not known.'} Leave the choice to Zerolabel, or take cpu.`,
    );
  }
  return wanted.name;
}
