// Every method, by name. Role: the one place that knows them all. Limits: methods do not know each other.
import { z } from 'zod';
import type { MethodName } from '../../shared/contract/entities.ts';
import { AppError } from '../../shared/errors.ts';
import { c2fpl } from './c2fpl/method.ts';
import type { Method } from './method.ts';
import { motion } from './motion/method.ts';

// A method is used only with the configuration its own schema parsed, so its type parameter can be forgotten here.
export const methods: Record<MethodName, Method<never>> = { motion, c2fpl };

/**
 * A complete configuration: what the user set over the defaults for these features.
 * @throws AppError `bad_input` naming the option and what it may be.
 */
export function completeConfig(
  name: MethodName,
  extractor: string,
  given: Record<string, unknown>,
): Record<string, unknown> {
  const method = methods[name];
  const parsed = method.config.safeParse({ ...(method.defaultsFor(extractor).values as object), ...given });
  if (!parsed.success) {
    throw new AppError('bad_input', `Options of ${method.info.title}: ${z.prettifyError(parsed.error)}`);
  }
  return parsed.data as Record<string, unknown>;
}
