// The few calls a page may make to main: dialogs, drops, "show in folder", theme, its port.
// Role: one wrapper that checks who calls and what with, and the table of calls. Limits: everything about projects goes
// to the engine over the port.
import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import { z } from 'zod';
import { CHANNELS, PURPOSES, THEMES, type ThemeChoice } from '../../shared/bridge.ts';
import { AppError, toErrorData } from '../../shared/errors.ts';
import { type Chooser, chooseFiles, chooseFolder } from './dialogs.ts';
import { isTrusted } from './security.ts';

export interface CallTargets {
  isOurs(contents: WebContents): boolean;
  /** The dialog belongs to the window of `contents`. */
  chooser(contents: WebContents): Chooser;
  pathOf(target: 'project' | 'exports' | 'video', of: number | null): Promise<string | null>;
  /** Shows a file or folder in the system's file manager. */
  showInFolder(path: string): void;
  setTheme(choice: ThemeChoice): void;
  /** The page is there and wants a port to the engine. */
  wantsPort(contents: WebContents): void;
}

const purpose = z.enum(PURPOSES);

/** `project`, `exports` or `video/<id>`: what can be shown in the file manager. */
const revealed = z.union([
  z.enum(['project', 'exports']).transform((target) => ({ target, of: null })),
  z
    .string()
    .regex(/^video\/\d{1,15}$/)
    .transform((id) => ({ target: 'video' as const, of: Number(id.slice('video/'.length)) })),
]);

/** Registers the calls. An answer that cannot be given is an error with a sentence; its stack stays here. */
export function registerCalls(ipc: Pick<IpcMain, 'handle' | 'on'>, targets: CallTargets): void {
  const checked = <I>(
    schema: z.ZodType<I>,
    event: Pick<IpcMainEvent | IpcMainInvokeEvent, 'senderFrame' | 'sender'>,
    input: unknown,
  ): I => {
    if (!isTrusted(event, targets.isOurs)) throw new AppError('no_access', 'This call is not for this page.');
    return schema.parse(input);
  };
  const handle = <I, O>(
    channel: string,
    schema: z.ZodType<I>,
    work: (input: I, contents: WebContents) => Promise<O>,
  ): void =>
    ipc.handle(channel, async (event, input: unknown) => {
      try {
        return await work(checked(schema, event, input), event.sender);
      } catch (error) {
        // Electron hands on the message alone.
        throw new Error(toErrorData(error).message);
      }
    });
  /** For messages without an answer: what is not for us is dropped. */
  const listen = <I>(
    channel: string,
    schema: z.ZodType<I>,
    work: (input: I, contents: WebContents) => unknown,
  ): void => {
    ipc.on(channel, async (event, input: unknown) => {
      try {
        await work(checked(schema, event, input), event.sender);
      } catch (error) {
        console.error(`${channel}: ${toErrorData(error).message}`);
      }
    });
  };

  handle(CHANNELS.chooseFolder, purpose, (input, contents) => chooseFolder(input, targets.chooser(contents)));
  handle(CHANNELS.chooseFiles, purpose, (input, contents) => chooseFiles(input, targets.chooser(contents)));
  // An empty path: a drop that is no file of this machine.
  handle(CHANNELS.grantDropped, z.string(), async (path, contents) =>
    path === '' ? null : targets.chooser(contents).grant(path),
  );
  listen(CHANNELS.reveal, revealed, async ({ target, of }) => {
    const path = await targets.pathOf(target, of);
    if (path !== null) targets.showInFolder(path);
  });
  listen(CHANNELS.theme, z.enum(THEMES), (choice) => targets.setTheme(choice));
  listen(CHANNELS.port, z.unknown(), (_input, contents) => targets.wantsPort(contents));
}
