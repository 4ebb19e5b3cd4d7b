// The task that tries a device. Role: runs in a process of its own, because a driver may take it down.
// Limits: a name that is no device is a bad call; a device that does not work is a result.
import { AppError } from '../../shared/errors.ts';
import { DEVICE_NAMES } from '../compute/catalogue.ts';
import { probeDevice } from '../compute/probe.ts';
import type { TaskContext, TaskOf, TaskResult } from './protocol.ts';

export async function runDevice(task: TaskOf<'device'>, context: TaskContext): Promise<TaskResult> {
  const name = DEVICE_NAMES.find((known) => known === task.device);
  if (!name)
    throw new AppError(
      'bad_input',
      `There is no device "${task.device}". Choose one of ${DEVICE_NAMES.join(', ')}.`,
    );
  context.progress(0, 1, 'devices', `Trying ${name}`);
  const result = await probeDevice(name);
  context.progress(1, 1, 'devices', `Tried ${name}`);
  return { kind: 'device', ...result };
}
