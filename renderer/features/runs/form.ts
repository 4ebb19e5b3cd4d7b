// The options of a new run as data. Role: values with their presets and problems, made from what the engine says about a
// method. Limits: pure; knows no method by name.
import type { MethodInfo, MethodOption } from '../../../shared/contract/index.ts';
import { numberProblem } from '../../components/number.ts';

export type Value = number | string | boolean;
export type Values = Readonly<Record<string, Value>>;

const isValue = (value: unknown): value is Value => ['number', 'string', 'boolean'].includes(typeof value);

/** Every option at its default. */
export const defaultsOf = (info: MethodInfo): Values =>
  Object.fromEntries(info.options.map((option) => [option.key, option.default]));

/** Defaults with the values of a preset; an unknown name gives the defaults. */
export function presetValues(info: MethodInfo, name: string): Values {
  const given = info.presets.find((preset) => preset.name === name)?.values ?? {};
  const known = Object.entries(given).filter(
    ([key, value]) => isValue(value) && info.options.some((option) => option.key === key),
  );
  return { ...defaultsOf(info), ...(Object.fromEntries(known) as Values) };
}

/** What is wrong with a value, with the way out, or null. */
export function optionProblem(option: MethodOption, value: Value | undefined): string | null {
  switch (option.type) {
    case 'number':
    case 'integer':
      return numberProblem(typeof value === 'number' ? value : null, {
        min: option.min,
        max: option.max,
        integer: option.type === 'integer',
      });
    case 'choice':
      return option.choices?.some((choice) => choice.value === value) ? null : 'Choose one of the list.';
    case 'switch':
      return typeof value === 'boolean' ? null : 'Switch it on or off.';
    default:
      return option.type satisfies never;
  }
}

export interface FormState {
  /** Options with a problem. */
  problems: { option: MethodOption; problem: string }[];
  /** Options that differ from the chosen preset. */
  changed: MethodOption[];
}

export function formState(info: MethodInfo, values: Values, base: Values): FormState {
  const problems = info.options.flatMap((option) => {
    const problem = optionProblem(option, values[option.key]);
    return problem === null ? [] : [{ option, problem }];
  });
  return {
    problems,
    changed: info.options.filter((option) => !Object.is(values[option.key], base[option.key])),
  };
}

/** Options to show: the plain ones, all on demand, and always those that are changed or wrong. */
export function visibleOptions(info: MethodInfo, all: boolean, state: FormState): MethodOption[] {
  return info.options.filter(
    (option) =>
      all ||
      !option.advanced ||
      state.changed.includes(option) ||
      state.problems.some((problem) => problem.option === option),
  );
}
