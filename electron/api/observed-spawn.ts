// Trainers that tell what they open. Role: takes their observations out of the messages before anyone else hears them, and
// notes which files a task hands them. Limits: what a process opens by itself is its own report or the kernel's.
import { observation } from '../../shared/contract/privacy.ts';
import type { Observer } from '../observe/observer.ts';
import type { Spawn } from '../tasks/child.ts';
import { type Task, toTrainer } from '../tasks/protocol.ts';

/** Files outside the product's own folders that a task is about. */
export function filesOf(task: Task): string[] {
  switch (task.kind) {
    case 'import':
    case 'detections':
    case 'features':
      return task.files.map((file) => file.path);
    case 'extract':
      return task.videos.map((video) => video.path);
    case 'train':
    case 'estimate':
      return (task.seen?.videos ?? []).flatMap((video) => video.path ?? []);
    case 'proxy':
      return [task.path];
    // These name folders, or nothing: what is opened there is noted when it is opened.
    case 'relink':
    case 'labels':
    case 'sample':
    case 'device':
      return [];
    default:
      return task satisfies never;
  }
}

/** The same processes, observed. */
export function observedSpawn(spawn: Spawn, observer: Observer): Spawn {
  return (entry) => {
    const child = spawn(entry);
    let name = 'trainer';
    const pids = new Set<number>();
    void child.exited.then(() => pids.forEach(observer.gone));
    const isObservation = (raw: unknown): boolean => (raw as { type?: unknown } | null)?.type === 'observed';
    child.port.onMessage((raw) => {
      if (!isObservation(raw)) return;
      const told = observation.parse(raw);
      pids.add(told.pid);
      observer.told(told, name);
    });
    return {
      ...child,
      port: {
        post(message) {
          const parsed = toTrainer.safeParse(message);
          if (parsed.success && parsed.data.type === 'run') {
            name = `trainer (${parsed.data.task.kind})`;
            for (const path of filesOf(parsed.data.task)) observer.ledger.file(path, 'read', 'task', name);
          }
          child.port.post(message);
        },
        onMessage: (listener) =>
          child.port.onMessage((raw) => {
            if (!isObservation(raw)) listener(raw);
          }),
      },
    };
  };
}
