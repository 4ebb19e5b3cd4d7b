// What Electron's main process and the engine's utilityProcess say to each other (calls of the page do not pass here:
// the window holds a MessagePort of its own to the engine).
// Role: schemas of both directions; ports travel beside the message. Limits: no behaviour.
import { z } from 'zod';
import { errorData } from '../../shared/errors.ts';

export const toEngine = z.discriminatedUnion('type', [
  /** ports[0]: a client of the contract (a window). */
  z.object({ type: z.literal('client') }),
  /** A path chosen in a dialog, dropped, or given on the command line. */
  z.object({ type: z.literal('grant'), id: z.int(), path: z.string() }),
  /** A resource URL of the page (`/media/1`); answered by `resource`. */
  z.object({ type: z.literal('resource'), id: z.int(), pathname: z.string() }),
  /** The folder or file behind a known id, to be shown in the file manager. */
  z.object({
    type: z.literal('reveal'),
    id: z.int(),
    target: z.enum(['project', 'exports', 'video']),
    of: z.int().nullable(),
  }),
  /** A project folder given on the command line; answered by `opened`. */
  z.object({ type: z.literal('open'), id: z.int(), path: z.string() }),
  /** For the privacy report: a link opened in the system's browser, or a request of a page that was not let out. */
  z.object({ type: z.literal('happened'), kind: z.enum(['asked', 'blocked']), what: z.string() }),
  /** ports[0]: the port of the process asked for with `spawn`. */
  z.object({ type: z.literal('spawned'), id: z.int() }),
  z.object({ type: z.literal('exited'), id: z.int(), code: z.int().nullable(), reason: z.string() }),
  z.object({ type: z.literal('close') }),
]);
export type ToEngine = z.infer<typeof toEngine>;

export const resourceData = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), path: z.string(), mime: z.string() }),
  z.object({
    kind: z.literal('bytes'),
    bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
    mime: z.string(),
  }),
]);

export const fromEngine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('granted'), id: z.int(), grant: z.string(), name: z.string() }),
  z.object({ type: z.literal('resource'), id: z.int(), resource: resourceData.nullable() }),
  z.object({ type: z.literal('path'), id: z.int(), path: z.string().nullable() }),
  z.object({ type: z.literal('opened'), id: z.int() }),
  z.object({ type: z.literal('refused'), id: z.int(), error: errorData }),
  z.object({ type: z.literal('spawn'), id: z.int(), entry: z.literal('trainer') }),
  z.object({ type: z.literal('kill'), id: z.int() }),
  z.object({ type: z.literal('closed') }),
]);
export type FromEngine = z.infer<typeof fromEngine>;
