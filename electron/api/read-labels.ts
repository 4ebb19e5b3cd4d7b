// Labels made elsewhere, read in a process of their own. Role: starts it, gives it as long as the files may need, and says
// which file it did not get past. Limits: the reading itself is electron/formats'.
import type { ImportOptions, ParsedInput } from '../../shared/contract/index.ts';
import { AppError, fromErrorData } from '../../shared/errors.ts';
import type { readLabels } from '../formats/import.ts';
import type { Spawn } from '../tasks/child.ts';
import { fromTrainer, type ToTrainer } from '../tasks/protocol.ts';

type Read = Awaited<ReturnType<typeof readLabels>>;

/** Reading takes less than a tenth of this on a slow disk. */
const PATIENCE_MS = 30_000;
const MS_PER_BYTE = 1 / 1000;

/**
 * @param paths files, or folders whose files are gone through
 * @param format null: recognised from the files
 * @param patienceMs how long files of no size may take; a second per megabyte is added
 * @throws AppError naming file and line for what cannot be read; `damaged` naming the file at which the process had to
 *   be ended, or ended by itself for want of memory.
 */
export async function readElsewhere(
  spawn: Spawn,
  paths: readonly string[],
  format: ParsedInput<'layers.import'>['format'],
  options: ImportOptions,
  patienceMs = PATIENCE_MS,
): Promise<Read> {
  const child = spawn('trainer');
  let outcome: Read | AppError | null = null;
  let file = '';
  let late = false;
  let allowed = patienceMs;
  const over = (): void => {
    late = true;
    child.kill();
  };
  let timer = setTimeout(over, PATIENCE_MS + patienceMs);
  child.port.onMessage((raw) => {
    const message = fromTrainer.parse(raw);
    if (message.type === 'progress') {
      if (message.message !== '') file = message.message;
      else {
        clearTimeout(timer);
        allowed = patienceMs + message.total * MS_PER_BYTE;
        timer = setTimeout(over, allowed);
      }
    } else if (message.type === 'done' && message.result.kind === 'labels') {
      const { kind: _, ...read } = message.result;
      outcome = read;
    } else if (message.type === 'failed') outcome = fromErrorData(message.error);
  });
  const task: ToTrainer = { type: 'run', task: { kind: 'labels', paths: [...paths], format, options } };
  child.port.post(task);
  const { reason } = await child.exited;
  clearTimeout(timer);
  const known = outcome as Read | AppError | null;
  if (known instanceof AppError) throw known;
  if (known) return known;
  const name = file || paths.join(', ');
  const full = /out of memory|heap limit/i.test(reason);
  throw new AppError(
    late || full ? 'damaged' : 'crashed',
    late
      ? `${name} could not be read within ${Math.ceil(allowed / 1000)} seconds and is most likely damaged. Nothing was changed. Write the file again, or take another format.`
      : full
        ? `${name} fills the memory while it is read and is most likely damaged. Nothing was changed. Write the file again, or take another format.`
        : `Reading ${name} stopped without a result (${reason.slice(0, 300)}). Nothing was changed.`,
    { file: name },
  );
}
