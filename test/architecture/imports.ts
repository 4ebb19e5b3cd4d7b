// The import graph of the source tree, read with a real parser.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseSync } from 'oxc-parser';

export const root = resolve(import.meta.dirname, '..', '..');

export interface Import {
  /** Importing file, relative to the root, with `/`. */
  from: string;
  /** Imported file relative to the root, or the name of the package. */
  to: string;
  isPackage: boolean;
  typeOnly: boolean;
}

export function sourceFiles(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/')),
  );
}

export function importsOf(file: string): Import[] {
  const path = join(root, file);
  const { module, errors } = parseSync(path, readFileSync(path, 'utf8'));
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const text = readFileSync(path, 'utf8');
  const found = [
    ...module.staticImports.map((i) => ({
      name: i.moduleRequest.value,
      typeOnly: i.entries.length > 0 && i.entries.every((entry) => entry.isType),
    })),
    ...module.staticExports.flatMap((e) =>
      e.entries.flatMap((entry) =>
        entry.moduleRequest ? [{ name: entry.moduleRequest.value, typeOnly: entry.isType }] : [],
      ),
    ),
    ...module.dynamicImports.map((i) => ({
      name: text.slice(i.moduleRequest.start + 1, i.moduleRequest.end - 1),
      typeOnly: false,
    })),
  ];
  return found.map(({ name, typeOnly }) => {
    const isPackage = !name.startsWith('.');
    const to = isPackage
      ? packageName(name)
      : relative(root, resolve(dirname(path), name)).replaceAll('\\', '/');
    return { from: file, to, isPackage, typeOnly };
  });
}

function packageName(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}
