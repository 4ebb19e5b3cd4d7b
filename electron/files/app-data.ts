// What Zerolabel remembers outside projects: recent projects and settings of this machine.
// Role: one small JSON file, written atomically. Limits: a damaged file is set aside, never a reason not to start.
import { readFile, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from './atomic.ts';

const recent = z.object({
  folder: z.string(),
  name: z.string(),
  openedAt: z.number(),
  videos: z.int(),
  runs: z.int(),
  seconds: z.number(),
});
export type RecentFolder = z.infer<typeof recent>;
const appData = z.object({
  recent: z.array(recent).default([]),
  settings: z.record(z.string(), z.unknown()).default({}),
});
export type AppData = z.infer<typeof appData>;

/** Where the file lives when the host does not say: the XDG, Windows or macOS place for settings. */
export function defaultAppDataFolder(): string {
  if (process.env.ZEROLABEL_DATA) return process.env.ZEROLABEL_DATA;
  if (process.platform === 'win32') return join(process.env.APPDATA ?? homedir(), 'Zerolabel');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Zerolabel');
  return join(process.env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'zerolabel');
}

export async function readAppData(folder: string): Promise<AppData> {
  const file = join(folder, 'zerolabel.json');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return appData.parse({});
  try {
    return appData.parse(JSON.parse(text));
  } catch {
    await rename(file, `${file}.damaged`).catch(() => {});
    return appData.parse({});
  }
}

export async function writeAppData(folder: string, data: AppData): Promise<void> {
  await writeFileAtomic(join(folder, 'zerolabel.json'), `${JSON.stringify(data, null, 2)}\n`);
}
