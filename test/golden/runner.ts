// Walks a folder of golden cases and runs each one whose kind is known.
// Role: discovery and counting. Limits: prints nothing; a case that throws has failed, it never stops the walk.
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { openCase } from './case.ts';
import type { GoldenKind } from './kind.ts';

export interface GoldenReport {
  passed: number;
  failed: number;
  /** Cases of kinds that no file in kinds/ knows. */
  skipped: number;
  failures: { name: string; reasons: string[] }[];
}

/** All folders below `folder` that hold a case.json, sorted by path. @throws AppError `not_found` without the folder. */
export function findCases(folder: string): string[] {
  if (!existsSync(folder)) {
    throw new AppError(
      'not_found',
      `There is no folder ${folder}. Name the folder of golden cases: npm run golden -- FOLDER`,
      { folder },
    );
  }
  const found: string[] = [];
  const walk = (path: string) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory()) walk(join(path, entry.name));
      else if (entry.name === 'case.json') found.push(path);
    }
  };
  walk(folder);
  return found.sort();
}

async function runCase(path: string, byKind: Map<string, GoldenKind>): Promise<string[] | null> {
  try {
    const opened = openCase(path);
    const kind = byKind.get(opened.case.kind);
    if (!kind) return null;
    await kind.run(opened.case);
    return opened.failures();
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** Runs all cases below `folder`; `failed` is told about each failed case as it happens. */
export async function runFolder(
  folder: string,
  kinds: readonly GoldenKind[],
  failed: (name: string, reasons: string[]) => void = () => {},
): Promise<GoldenReport> {
  const byKind = new Map(kinds.flatMap((kind) => kind.kinds.map((name) => [name, kind] as const)));
  const report: GoldenReport = { passed: 0, failed: 0, skipped: 0, failures: [] };
  for (const path of findCases(folder)) {
    const reasons = await runCase(path, byKind);
    if (reasons === null) report.skipped++;
    else if (reasons.length === 0) report.passed++;
    else {
      const name = relative(folder, path) || path;
      report.failed++;
      report.failures.push({ name, reasons });
      failed(name, reasons);
    }
  }
  return report;
}
