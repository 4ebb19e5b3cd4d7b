// Every method, by name. Role: the one place that knows them all. Limits: methods do not know each other.
import { z } from 'zod';
import type { MethodInfo, MethodName } from '../../shared/contract/entities.ts';
import { AppError } from '../../shared/errors.ts';
import type { DetectionKind } from '../../shared/labels/detections.ts';
import type { CubeOptions } from '../features/cubes/plan.ts';
import { ae } from './ae/method.ts';
import { c2fpl } from './c2fpl/method.ts';
import { cu } from './cu/method.ts';
import { gcl } from './gcl/method.ts';
import type { Method, TrainInput, TrainOutput } from './method.ts';
import { motion } from './motion/method.ts';
import { rarityMethod } from './rarity/method.ts';
import { wocc } from './wocc-ws/method.ts';
import { rtfm, sultani } from './wocc-ws/weak-method.ts';

type Config = Record<string, unknown>;

/** A method whose configuration is parsed by its own schema, so that callers need not know its type. */
export interface RegisteredMethod {
  info: MethodInfo;
  needsDevice: boolean;
  defaultsFor(extractor: string): { values: Config; why: string };
  /** A complete configuration. @throws AppError `bad_input` naming the option and what it may be. */
  complete(extractor: string, given: Config): Config;
  /** Kinds of detections that a run with this configuration needs. */
  detections(config: Config): DetectionKind[];
  /** How objects are cut from the footage, null where the method has no use for them. */
  cubes(config: Config): CubeOptions | null;
  train(input: TrainInput, config: Config): Promise<TrainOutput>;
}

function register<C extends Config>(method: Method<C>): RegisteredMethod {
  const parse = (config: unknown): C => {
    const parsed = method.config.safeParse(config);
    if (parsed.success) return parsed.data;
    throw new AppError('bad_input', `Options of ${method.info.title}: ${z.prettifyError(parsed.error)}`);
  };
  return {
    info: method.info,
    needsDevice: method.needsDevice,
    defaultsFor: (extractor) => {
      const { values, why } = method.defaultsFor(extractor);
      return { values: { ...values }, why };
    },
    complete: (extractor, given) => ({ ...parse({ ...method.defaultsFor(extractor).values, ...given }) }),
    detections: (config) =>
      (method.info.detections ?? [])
        .filter(({ option, value }) => config[option] === value)
        .map(({ kind }) => kind),
    cubes: (config) => method.cubes?.(parse(config)) ?? null,
    train: (input, config) => method.train(input, parse(config)),
  };
}

export const methods: Record<MethodName, RegisteredMethod> = {
  motion: register(motion),
  c2fpl: register(c2fpl),
  ae: register(ae),
  rarity: register(rarityMethod),
  gcl: register(gcl),
  cu: register(cu),
  'wocc-ws': register(wocc),
  rtfm: register(rtfm),
  sultani: register(sultani),
};
