// electron-builder's beforePack hook: copies what the app needs of out/ into out/package.
// Role: the entries of the app, the chunks they reach, the page. Limits: no source maps, no command line, no golden or
// benchmark runner, and no chunk of an earlier build.
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ENTRIES = ['main/main.js', 'hosts/engine.js', 'hosts/trainer.js'];
/** Relative specifiers of static and dynamic imports in a bundle. */
const IMPORT = /(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+\.js)["']/g;

/** All files that `entries` reach, relative to `out`. */
export function reachable(out, entries) {
  const found = new Set();
  const visit = (file) => {
    if (found.has(file)) return;
    found.add(file);
    for (const [, specifier] of readFileSync(join(out, file), 'utf8').matchAll(IMPORT)) {
      visit(relative(out, join(out, dirname(file), specifier)));
    }
  };
  for (const entry of entries) visit(entry);
  return [...found];
}

export default function stage({ packager }) {
  const out = join(packager.projectDir, 'out');
  const target = join(out, 'package');
  rmSync(target, { recursive: true, force: true });
  for (const file of [...reachable(out, ENTRIES), 'preload/preload.cjs']) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(join(out, file), join(target, file));
  }
  cpSync(join(out, 'renderer'), join(target, 'renderer'), {
    recursive: true,
    filter: (file) => !file.endsWith('.map'),
  });
}
