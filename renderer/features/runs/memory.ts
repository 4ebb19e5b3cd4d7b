// How much memory features of a run may take. Role: the choices, and the last one made on this machine.
// Limits: the engine decides what a choice means; see `memoryMiB` of the contract.
import { useQueryClient } from '@tanstack/react-query';
import type { Choice } from '../../components/Select.tsx';
import { callKey, useAction, useCall } from '../../state/queries.ts';

const KEY = { key: 'memoryMiB' };

/** MiB as text, or `auto`. */
export const MEMORY_CHOICES: readonly Choice<string>[] = [
  { value: 'auto', label: 'Automatic', note: 'half of what is free' },
  ...[1, 2, 4, 8, 16, 32, 64].map((gib) => ({ value: String(1024 * gib), label: `${gib} GB` })),
];

/** The choice for the next run and how to change it; it is remembered. */
export function useMemoryChoice(): [string, (choice: string) => void] {
  const queries = useQueryClient();
  const remembered = useCall('settings.get', KEY).data;
  const save = useAction('settings.set');
  const choice = MEMORY_CHOICES.find(({ value }) => value === remembered)?.value ?? 'auto';
  return [
    choice,
    (next) => {
      queries.setQueryData(callKey('settings.get', KEY), next);
      save.run({ ...KEY, value: next });
    },
  ];
}
