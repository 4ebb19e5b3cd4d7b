// Options of a method from the command line: `--set key=value` and the common flags.
// Role: text to typed values, checked against what the method says about its options. Limits: defaults are the method's.
import type { MethodInfo, MethodOption } from '../../../shared/contract/index.ts';
import { usageError } from './io.ts';

function parseValue(option: MethodOption, text: string): number | string | boolean {
  const wrong = (expected: string) => usageError(`${option.key} takes ${expected}, not "${text}".`);
  switch (option.type) {
    case 'number':
    case 'integer': {
      const value = text.trim() === '' ? Number.NaN : Number(text);
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = option;
      const kind = option.type === 'integer' ? 'a whole number' : 'a number';
      if (!Number.isFinite(value) || (option.type === 'integer' && !Number.isInteger(value)))
        throw wrong(kind);
      if (value < min || value > max) throw wrong(`${kind} from ${min} to ${max}`);
      return value;
    }
    case 'switch':
      if (text === 'true' || text === 'on') return true;
      if (text === 'false' || text === 'off') return false;
      throw wrong('on or off');
    case 'choice': {
      const values = (option.choices ?? []).map((choice) => choice.value);
      if (!values.includes(text)) throw wrong(`one of ${values.join(', ')}`);
      return text;
    }
    default:
      return option.type satisfies never;
  }
}

/**
 * What the person set, as values of the method's configuration. Later settings win over earlier ones and over the preset.
 * @param settings `key=value` texts
 * @throws AppError usage error for an unknown preset or key, or a value that does not fit
 */
export function configFrom(
  info: MethodInfo,
  preset: string | undefined,
  settings: readonly string[],
): Record<string, unknown> {
  const config: Record<string, unknown> = {};
  if (preset !== undefined) {
    const found = info.presets.find((p) => p.name === preset);
    const names = info.presets.map((p) => p.name).join(', ');
    if (!found)
      throw usageError(
        `${info.title} has no preset "${preset}". ${names ? `There are: ${names}.` : 'It has none.'}`,
      );
    Object.assign(config, found.values);
  }
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    if (equals <= 0) throw usageError(`--set takes key=value, not "${setting}".`);
    const key = setting.slice(0, equals);
    const option = info.options.find((o) => o.key === key);
    if (!option) {
      throw usageError(
        `${info.title} has no option "${key}". It has: ${info.options.map((o) => o.key).join(', ')}.`,
      );
    }
    config[key] = parseValue(option, setting.slice(equals + 1));
  }
  return config;
}
