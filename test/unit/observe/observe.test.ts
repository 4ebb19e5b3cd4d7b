import { createSocket } from 'node:dgram';
import fs, { mkdtempSync, rmSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endpoint, hostOf, isLoopback, scopeOf } from '../../../electron/observe/address.ts';
import { installHooks, modeOf, targetOf } from '../../../electron/observe/hooks.ts';
import { parseEndpoint, parseSockets } from '../../../electron/observe/kernel.ts';
import { createLedger, type Ledger } from '../../../electron/observe/ledger.ts';
import { REMOVE } from '../../remove.ts';

describe('addresses', () => {
  test('of this machine are told from all others, also inside IPv6 and with ports', () => {
    for (const host of ['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1', 'localhost', 'LOCALHOST'])
      expect(isLoopback(host), host).toBe(true);
    for (const host of [
      '192.0.2.1',
      '0.0.0.0',
      '::',
      '::ffff:192.0.2.1',
      'localhost.example',
      '1127.0.0.1',
      '',
    ])
      expect(isLoopback(host), host).toBe(false);
    expect(hostOf(endpoint('::1', 80))).toBe('::1');
    expect(hostOf(endpoint('127.0.0.1', 80))).toBe('127.0.0.1');
    expect(hostOf('::1')).toBe('::1');
  });

  test('that listen to everyone, and sockets that may send anywhere, count as leading outside', () => {
    expect(scopeOf({ local: '0.0.0.0:80', remote: null })).toBe('outside');
    expect(scopeOf({ local: '[::]:5353', remote: null })).toBe('outside');
    expect(scopeOf({ local: null, remote: null })).toBe('outside');
    expect(scopeOf({ local: '192.168.1.5:1', remote: '127.0.0.1:80' })).toBe('loopback');
    expect(scopeOf({ local: null, remote: 'example.org:443' })).toBe('outside');
  });
});

describe('tables of the kernel', () => {
  test('have addresses in the byte order of the machine', () => {
    expect(parseEndpoint('0100007F:1F90')).toEqual({ host: '127.0.0.1', port: 8080 });
    expect(parseEndpoint('00000000000000000000000001000000:0050')).toEqual({ host: '::1', port: 80 });
    expect(parseEndpoint('0000000000000000FFFF00000100007F:0050').host).toBe('::ffff:127.0.0.1');
    expect(parseEndpoint('B80D0120000000000000000001000000:01BB').host).toBe('2001:db8::1');
    expect(parseEndpoint('00000000000000000000000000000000:0050').host).toBe('::');
  });

  test('are read by inode; connections that are over belong to nobody', () => {
    const text = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 0100007F:AB7B 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1 0 100 0 0 10 0',
      '   1: 0100007F:AB7B 010200C0:EBEE 01 00000000:00000000 00:00000000 00000000     0        0 12 1 0 20 0 0 10 -1',
      '   2: 0100007F:8659 0100007F:AA9E 06 00000000:00000000 03:0000052E 00000000     0        0 0 3 0',
      '',
    ].join('\n');
    const rows = parseSockets('tcp', text);
    expect([...rows.keys()]).toEqual(['11', '12']);
    expect(rows.get('11')).toMatchObject({ listening: true, remote: null });
    expect(rows.get('12')).toMatchObject({ listening: false, remote: '192.0.2.1:60398' });
  });
});

describe('a ledger', () => {
  test('makes one entry of what is the same, counts it, and tells each change once', () => {
    let now = 1000;
    const ledger = createLedger('engine', () => now);
    const note = { protocol: 'tcp', direction: 'outgoing', local: null, remote: '192.0.2.1:9' } as const;
    ledger.socket({ ...note, by: 'code' });
    now = 2000;
    ledger.socket({ ...note, by: 'kernel' });
    expect(ledger.sockets()).toMatchObject([
      { scope: 'outside', by: ['code', 'kernel'], count: 2, first: 1000, last: 2000, process: 'engine' },
    ]);
    ledger.file('/a', 'read', 'code');
    ledger.file('/a', 'written', 'kernel');
    const told = ledger.drain();
    expect(told?.files).toEqual([
      { path: '/a', read: true, written: true, by: ['code', 'kernel'], processes: ['engine'] },
    ]);
    expect(told?.sockets).toHaveLength(1);
    ledger.file('/a', 'read', 'code');
    expect(ledger.drain()).toBeNull();
    const other = createLedger('engine');
    for (const observation of [told, told]) if (observation) other.merge(observation);
    expect(other.sockets()[0].count).toBe(4);
    expect([...other.files()]).toHaveLength(1);
  });

  test('forgets the name of a temporary file once it has its own', () => {
    const ledger = createLedger('engine');
    ledger.file('/x.tmp', 'written', 'code');
    ledger.renamed('/x.tmp', '/x');
    expect([...ledger.files()].map(({ path, written }) => [path, written])).toEqual([['/x', true]]);
  });

  test('is bounded, and says how much found no place', () => {
    const ledger = createLedger('engine');
    for (let port = 1; port <= 2005; port++)
      ledger.socket({
        protocol: 'tcp',
        direction: 'outgoing',
        local: null,
        remote: `192.0.2.1:${port}`,
        by: 'code',
      });
    expect(ledger.sockets()).toHaveLength(2000);
    expect(ledger.more.sockets).toBe(5);
  });
});

describe('arguments', () => {
  test('of connect are read in every form Node takes', () => {
    expect(targetOf([80, '192.0.2.1'], 'localhost')).toBe('192.0.2.1:80');
    expect(targetOf([{ port: 80 }], 'localhost')).toBe('localhost:80');
    expect(targetOf([[{ port: 443, host: 'example.org' }, null]], 'localhost')).toBe('example.org:443');
    expect(targetOf(['/tmp/pipe'], 'localhost')).toBeNull();
    expect(targetOf([{ path: '/tmp/pipe' }], 'localhost')).toBeNull();
  });

  test('of open say whether it reads, writes, or both', () => {
    expect(['r', 'w', 'a', 'r+', 'wx', undefined].map(modeOf)).toEqual([
      'read',
      'written',
      'written',
      'both',
      'written',
      'read',
    ]);
    expect(modeOf(fs.constants.O_RDWR | fs.constants.O_CREAT)).toBe('both');
    expect(modeOf(fs.constants.O_WRONLY)).toBe('written');
  });
});

describe('hooks', () => {
  let folder: string;
  let ledger: Ledger;
  let unhook: () => void;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'zerolabel-observe-'));
    ledger = createLedger('test');
    unhook = installHooks(ledger);
  });
  afterEach(() => {
    unhook();
    rmSync(folder, REMOVE);
  });
  const noted = () =>
    Object.fromEntries(
      [...ledger.files()]
        .filter(({ path }) => path.startsWith(folder))
        .map(({ path, read, written }) => [
          path.slice(folder.length + 1),
          `${read ? 'r' : ''}${written ? 'w' : ''}`,
        ]),
    );

  test('note files that named imports, callbacks, streams and descriptors open, and change nothing', async () => {
    await writeFile(join(folder, 'a.tmp'), 'text');
    await rename(join(folder, 'a.tmp'), join(folder, 'a'));
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('text');
    fs.copyFileSync(join(folder, 'a'), join(folder, 'b'));
    fs.closeSync(fs.openSync(join(folder, 'c'), 'w'));
    await new Promise<void>((done) => {
      fs.createReadStream(join(folder, 'b'))
        .resume()
        .on('close', () => done());
    });
    fs.readFileSync('/proc/self/stat', { flag: 'r' });
    expect(noted()).toEqual({ a: 'rw', b: 'rw', c: 'w' });
    expect([...ledger.files()].filter(({ path }) => path.startsWith('/proc'))).toEqual([]);
    await expect(readFile(join(folder, 'nothing'))).rejects.toThrow('ENOENT');
  });

  test('note connections, listeners and datagrams by where they lead', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((done) => {
      server.listen(0, '127.0.0.1', done);
    });
    const { port } = server.address() as { port: number };
    await new Promise<void>((done) => {
      connect(port, '127.0.0.1')
        .on('error', () => {})
        .on('close', () => done());
    });
    server.close();
    const socket = connect({ port: 9, host: '192.0.2.1' });
    socket.on('error', () => {});
    socket.destroy();
    const datagrams = createSocket('udp4');
    await new Promise<void>((done) => {
      datagrams.send('x', port, '127.0.0.1', () => {
        datagrams.close(() => done());
      });
    });
    expect(
      ledger
        .sockets()
        .map(({ protocol, direction, local, remote, scope }) => [
          protocol,
          direction,
          local ?? remote,
          scope,
        ]),
    ).toEqual([
      ['tcp', 'listening', `127.0.0.1:${port}`, 'loopback'],
      ['tcp', 'outgoing', `127.0.0.1:${port}`, 'loopback'],
      ['tcp', 'outgoing', '192.0.2.1:9', 'outside'],
      ['udp', 'outgoing', `127.0.0.1:${port}`, 'loopback'],
    ]);
  });

  test('are gone without a trace when they end', async () => {
    unhook();
    await writeFile(join(folder, 'later'), '');
    expect(noted()).toEqual({});
    expect(fs.promises.writeFile).toBe(writeFile);
  });
});
