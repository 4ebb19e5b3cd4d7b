// The layers of ARCHITECTURE.md, enforced: which folder may import which, which package is used where, no circles.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Import, importsOf, root, sourceFiles } from './imports.ts';

const files = sourceFiles('electron', 'renderer', 'shared');
const imports = files.flatMap(importsOf);

/** Folder -> folders of the product it may import from (itself included by rule). */
const ALLOWED: Record<string, string[]> = {
  shared: [],
  renderer: ['shared'],
  'electron/files': ['shared'],
  'electron/observe': ['shared'],
  'electron/statistics': ['shared', 'electron/compute'],
  'electron/formats': ['shared'],
  'electron/compute': ['shared'],
  'electron/media': ['shared', 'electron/files'],
  'electron/samples': ['shared', 'electron/files', 'electron/media'],
  'electron/features': ['shared', 'electron/formats', 'electron/media', 'electron/files'],
  'electron/nets': ['shared', 'electron/compute', 'electron/statistics'],
  'electron/methods': [
    'shared',
    'electron/nets',
    'electron/compute',
    'electron/statistics',
    'electron/features',
  ],
  'electron/tasks': [
    'shared',
    'electron/files',
    'electron/formats',
    'electron/media',
    'electron/samples',
    'electron/features',
    'electron/compute',
    'electron/methods',
  ],
  'electron/store': ['shared', 'electron/files', 'electron/tasks'],
  'electron/jobs': [
    'shared',
    'electron/files',
    'electron/formats',
    'electron/store',
    'electron/tasks',
    'electron/features',
    'electron/methods',
  ],
  'electron/api': [
    'shared',
    'electron/files',
    'electron/observe',
    'electron/formats',
    'electron/store',
    'electron/jobs',
    'electron/tasks',
    'electron/media',
    'electron/features',
    'electron/methods',
    'electron/compute',
  ],
  'electron/hosts': [
    'shared',
    'electron/api',
    'electron/files',
    'electron/observe',
    'electron/media',
    'electron/tasks',
    'electron/jobs',
    'electron/store',
  ],
  'electron/preload': ['shared'],
  'electron/main': ['shared', 'electron/hosts', 'electron/files', 'electron/media', 'electron/api'],
};

/** Packages that only some folders may import. */
const CONFINED: Record<string, string[]> = {
  electron: ['electron/main', 'electron/preload'],
  'better-sqlite3': ['electron/store'],
  'node-av': ['electron/media'],
  'onnxruntime-node': ['electron/compute'],
  '@tensorflow/tfjs-node-gpu': ['electron/compute'],
  '@tensorflow/tfjs-backend-cpu': ['electron/compute'],
  '@tensorflow/tfjs-core': ['electron/compute', 'electron/nets', 'electron/methods'],
  ws: ['electron/hosts'],
  '@hono/node-server': ['electron/hosts'],
  commander: ['electron/hosts'],
  pbf: ['electron/compute'],
  hyparquet: ['electron/formats'],
  'hyparquet-writer': ['electron/formats'],
};

function layerOf(file: string): string {
  const [top, second] = file.split('/');
  return top === 'electron' ? `${top}/${second}` : top;
}

const name = (i: Import) => `${i.from} -> ${i.to}`;

describe('layers', () => {
  test('every source file belongs to a known layer', () => {
    expect(files.filter((file) => !(layerOf(file) in ALLOWED))).toEqual([]);
  });

  test('a folder imports only what lies below it', () => {
    const wrong = imports.filter(
      (i) =>
        !i.isPackage &&
        i.to !== 'package.json' &&
        layerOf(i.to) !== layerOf(i.from) &&
        !ALLOWED[layerOf(i.from)].includes(layerOf(i.to)),
    );
    expect(wrong.map(name)).toEqual([]);
  });

  test('a trainer never reaches the database: what tasks import leads to no store, job or api', () => {
    const reached = new Set<string>();
    const visit = (file: string): void => {
      if (reached.has(file)) return;
      reached.add(file);
      for (const i of imports) if (i.from === file && !i.isPackage && !i.typeOnly) visit(i.to);
    };
    visit('electron/hosts/trainer.ts');
    expect([...reached].filter((file) => /^electron\/(store|jobs|api)\//.test(file))).toEqual([]);
  });

  test('methods never import each other', () => {
    const method = (file: string) => /^electron\/methods\/([^/]+)\//.exec(file)?.[1];
    const wrong = imports.filter((i) => method(i.from) && method(i.to) && method(i.from) !== method(i.to));
    expect(wrong.map(name)).toEqual([]);
  });

  test('shared imports zod and nothing else from outside', () => {
    expect(
      imports.filter((i) => i.isPackage && layerOf(i.from) === 'shared' && i.to !== 'zod').map(name),
    ).toEqual([]);
  });

  test('the renderer imports no Node module and no engine package', () => {
    const wrong = imports.filter(
      (i) => i.isPackage && layerOf(i.from) === 'renderer' && (i.to.startsWith('node:') || i.to in CONFINED),
    );
    expect(wrong.map(name)).toEqual([]);
  });

  test('confined packages stay in their folders', () => {
    const wrong = imports.filter(
      (i) => i.isPackage && i.to in CONFINED && !CONFINED[i.to].includes(layerOf(i.from)),
    );
    expect(wrong.map(name)).toEqual([]);
  });

  test('only main and preload import electron as a value; hosts take its ports as plain interfaces', () => {
    expect(
      imports.filter((i) => i.to === 'electron' && !/^electron\/(main|preload)\//.test(i.from)).map(name),
    ).toEqual([]);
  });
});

describe('shape', () => {
  test('there are no import circles', () => {
    const edges = new Map<string, string[]>();
    for (const i of imports)
      if (!i.isPackage && !i.typeOnly) edges.set(i.from, [...(edges.get(i.from) ?? []), i.to]);
    const circles: string[] = [];
    const state = new Map<string, 'open' | 'done'>();
    const visit = (file: string, path: string[]): void => {
      if (state.get(file) === 'open') circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      if (state.has(file)) return;
      state.set(file, 'open');
      for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
      state.set(file, 'done');
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });

  test('SQL text stands only in electron/store', () => {
    const sql = /['"`]\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE|PRAGMA)\s/;
    const wrong = files.filter(
      (file) => !file.startsWith('electron/store/') && sql.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(wrong).toEqual([]);
  });

  test('every module says its role first', () => {
    const silent = files.filter((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      return !/^(#!.*\n)?(\/\/|\/\*\*?)/.test(text);
    });
    expect(silent).toEqual([]);
  });

  test('nothing asks the network: no http client, no address outside loopback', () => {
    // What ELAN's documents call their schema: part of the format and never opened, as the names of w3.org.
    const schema = 'http://www.mpi.nl/tools/elan/EAFv3.0.xsd';
    const wrong = files.filter((file) => {
      const text = readFileSync(join(root, file), 'utf8').replaceAll(schema, '');
      return (
        /https?:\/\/(?!127\.0\.0\.1|localhost|www\.w3\.org)[a-z0-9]/i.test(text) ||
        /from 'node:(https|dgram|tls)'/.test(text)
      );
    });
    expect(wrong).toEqual([]);
  });
});
