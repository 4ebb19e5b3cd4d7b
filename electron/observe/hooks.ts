// Node's own functions tell what they open. Role: wraps `connect` and `listen` of sockets and the opening of files, notes
// what they were asked for, and changes nothing else. Limits: libraries in machine code and worker threads do not pass
// here; the kernel's tables (kernel.ts) see those. What only looks at names (stat, readdir) is not noted.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endpoint } from './address.ts';
import type { FileMode, Ledger } from './ledger.ts';

type Loose = Record<string, unknown>;
type Anything = (this: unknown, ...args: unknown[]) => unknown;

/** Path of a file argument; null for descriptors and what the system makes up. */
function pathOf(value: unknown): string | null {
  const text =
    typeof value === 'string'
      ? value
      : value instanceof URL && value.protocol === 'file:'
        ? fileURLToPath(value)
        : Buffer.isBuffer(value)
          ? value.toString()
          : null;
  if (text === null) return null;
  const path = resolve(text);
  return /^\/(proc|sys|dev)(\/|$)/.test(path) ? null : path;
}

/** What the flags of `open` allow. */
export function modeOf(flags: unknown): FileMode {
  if (typeof flags === 'number') {
    const access = flags & 3;
    return access === fs.constants.O_RDWR ? 'both' : access === fs.constants.O_WRONLY ? 'written' : 'read';
  }
  const text = typeof flags === 'string' ? flags : 'r';
  return text.includes('+') ? 'both' : /[wa]/.test(text) ? 'written' : 'read';
}

/** Host and port of the arguments of `connect` or `listen`; null for pipes. Node may pass them as one array it normalised. */
export function targetOf(args: readonly unknown[], host: string): string | null {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  if (typeof first === 'object' && first !== null) {
    const options = first as Loose;
    if (typeof options.path === 'string' || options.fd !== undefined || options._handle !== undefined)
      return null;
    return options.port === undefined ? null : endpoint(String(options.host ?? host), String(options.port));
  }
  // A string that is no number is the path of a pipe.
  if (typeof first !== 'number' && !/^\d+$/.test(String(first))) return null;
  return endpoint(typeof second === 'string' ? second : host, String(first));
}

/** Begins to note; the returned function ends it and puts everything back. */
export function installHooks(ledger: Ledger): () => void {
  const undo: (() => void)[] = [];
  const wrap = (owner: object, name: string, note: (args: unknown[], self: unknown) => void): void => {
    const holder = owner as Record<string, Anything>;
    const original = holder[name];
    if (typeof original !== 'function') return;
    const wrapped: Anything = function (...args) {
      try {
        note(args, this);
      } catch {
        // Odd arguments are for the original to complain about.
      }
      return original.apply(this, args);
    };
    // Names and properties (such as the one `util.promisify` looks for) stay as they were.
    Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original));
    holder[name] = wrapped;
    undo.push(() => {
      holder[name] = original;
    });
  };
  const file = (mode: (args: unknown[]) => FileMode) => (args: unknown[]) => {
    const path = pathOf(args[0]);
    if (path !== null) ledger.file(path, mode(args), 'code');
  };

  wrap(net.Socket.prototype, 'connect', (args) => {
    const remote = targetOf(args, 'localhost');
    if (remote !== null)
      ledger.socket({ protocol: 'tcp', direction: 'outgoing', local: null, remote, by: 'code' });
  });
  wrap(net.Server.prototype, 'listen', (_args, self) => {
    const server = self as net.Server;
    // Only then port 0 is a real one, and a name an address.
    server.once('listening', () => {
      const at = server.address();
      if (at === null || typeof at === 'string') return;
      const local = endpoint(at.address, at.port);
      ledger.socket({ protocol: 'tcp', direction: 'listening', local, remote: null, by: 'code' });
    });
  });
  const datagrams = (message: unknown): void => {
    const { socket } = message as { socket: object };
    const from = (args: unknown[]): void => {
      // send(data[, offset, length][, port][, address][, callback])
      const plain = args.filter((arg) => typeof arg !== 'function');
      const host = plain.findLast((arg) => typeof arg === 'string') ?? 'localhost';
      const port = plain.slice(1).findLast((arg) => typeof arg === 'number');
      if (port === undefined) return;
      const remote = endpoint(String(host), String(port));
      ledger.socket({ protocol: 'udp', direction: 'outgoing', local: null, remote, by: 'code' });
    };
    wrap(socket, 'send', from);
    wrap(socket, 'connect', (args) => from([null, ...args]));
  };
  subscribe('udp.socket', datagrams);
  undo.push(() => unsubscribe('udp.socket', datagrams));

  const copied = ([from, to]: unknown[]): void => {
    const [source, target] = [pathOf(from), pathOf(to)];
    if (source !== null) ledger.file(source, 'read', 'code');
    if (target !== null) ledger.file(target, 'written', 'code');
  };
  const renamed = ([from, to]: unknown[]): void => {
    const [source, target] = [pathOf(from), pathOf(to)];
    if (source !== null && target !== null) ledger.renamed(source, target);
  };
  const opened = file(([, flags]) => modeOf(flags));
  const read = file(() => 'read');
  const written = file(() => 'written');
  const noted = { open: opened, readFile: read, writeFile: written, appendFile: written, truncate: written };
  for (const [name, note] of Object.entries({ ...noted, copyFile: copied, rename: renamed })) {
    wrap(fs, name, note);
    wrap(fs, `${name}Sync`, note);
    wrap(fs.promises, name, note);
  }
  syncBuiltinESMExports();
  return () => {
    for (const back of undo.reverse()) back();
    syncBuiltinESMExports();
  };
}
