// electron-builder's beforePack hook: copies what the app needs of out/ into out/package.
// Role: the entries of the app, the chunks they reach, the page. Limits: no source maps, no command line, no golden or
// benchmark runner, and no chunk of an earlier build.
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseSync } from 'oxc-parser';

const ENTRIES = ['main/main.js', 'hosts/engine.js', 'hosts/trainer.js', 'hosts/describer.js'];
/** Relative specifiers of static and dynamic imports in a bundle; a parser, because comments hold imports too. */
function specifiersIn(file) {
  const text = readFileSync(file, 'utf8');
  const { module } = parseSync(file, text);
  const named = [...module.staticImports, ...module.staticExports.flatMap(({ entries }) => entries)].flatMap(
    ({ moduleRequest }) => (moduleRequest ? [moduleRequest.value] : []),
  );
  const later = module.dynamicImports.map(({ moduleRequest: { start, end } }) =>
    text.slice(start + 1, end - 1),
  );
  return [...named, ...later].filter((specifier) => /^\.{1,2}\/.*\.js$/.test(specifier));
}

/** All files that `entries` reach, relative to `out`. */
export function reachable(out, entries) {
  const found = new Set();
  const visit = (file) => {
    if (found.has(file)) return;
    found.add(file);
    for (const specifier of specifiersIn(join(out, file))) {
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
