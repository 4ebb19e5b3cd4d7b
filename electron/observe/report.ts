// The trainer's side. Role: hooks from its start, and what they noted told to the engine at intervals and before the end.
// Limits: a process that is killed takes along what it noted in the last second; the kernel's tables are the engine's part.
import type { Observation } from '../../shared/contract/privacy.ts';
import { installHooks } from './hooks.ts';
import { createLedger } from './ledger.ts';

const TELL_EVERY_MS = 1000;

export interface Reporter {
  /** Says now what was not said yet. */
  tell(): void;
}

export function reportTo(send: (observation: Observation) => void): Reporter {
  const ledger = createLedger('trainer');
  installHooks(ledger);
  const tell = (): void => {
    const observation = ledger.drain();
    if (observation) send(observation);
  };
  setInterval(tell, TELL_EVERY_MS).unref();
  return { tell };
}
