// How the settings of a method are described to people. Role: builders of `MethodOption`, so that the default shown is
// the default used. Limits: no settings of its own; what is allowed is checked by the method's schema.
import type { MethodOption } from '../../shared/contract/entities.ts';

interface Level {
  /** Shown only on request; the default. */
  advanced?: boolean;
}

/**
 * Builders for the options of one method.
 * @param defaults the parsed defaults of its configuration, by key.
 * @returns `choice`, `real`, `whole` and `toggle`; each takes the key, a label, what it may be, what it means in plain
 *   words, and where it comes from (section of the paper and of methods.md).
 */
export function optionsOf<Config extends Record<string, MethodOption['default']>>(defaults: Config) {
  type Key = keyof Config & string;
  const common = (key: Key, label: string, help: string, source: string, { advanced = true }: Level) => ({
    key,
    label,
    help,
    source,
    default: defaults[key],
    advanced,
  });
  const numeric =
    (type: 'number' | 'integer') =>
    (
      key: Key,
      label: string,
      [min, max]: [number, number],
      help: string,
      source: string,
      level: Level = {},
    ): MethodOption => ({ ...common(key, label, help, source, level), type, min, max });
  return {
    /** @param choices label by value, in the order shown. */
    choice: (
      key: Key,
      label: string,
      choices: Record<string, string>,
      help: string,
      source: string,
      level: Level = {},
    ): MethodOption => ({
      ...common(key, label, help, source, level),
      type: 'choice',
      choices: Object.entries(choices).map(([value, text]) => ({ value, label: text })),
    }),
    real: numeric('number'),
    whole: numeric('integer'),
    toggle: (key: Key, label: string, help: string, source: string, level: Level = {}): MethodOption => ({
      ...common(key, label, help, source, level),
      type: 'switch',
    }),
  };
}
