// The program behind `npm run golden -- FOLDER`: one line per failed case, then the counts.
// Exit code: 0 = all known cases passed, 1 = a case failed, 2 = the folder is missing or holds no cases.
import { join, resolve } from 'node:path';
import { toErrorData } from '../../shared/errors.ts';
import { kinds } from './kinds/index.ts';
import { runFolder } from './runner.ts';

const folder = resolve(
  process.argv[2] ?? join(process.env.ZEROLABEL_SHARED ?? join('..', 'shared'), 'golden'),
);
try {
  const report = await runFolder(folder, kinds, (name, reasons) =>
    console.log(`FAILED ${name}: ${reasons.join('; ')}`),
  );
  console.log(`${report.passed} passed, ${report.failed} failed, ${report.skipped} skipped`);
  const cases = report.passed + report.failed + report.skipped;
  if (cases === 0) console.error(`${folder} holds no case.json.`);
  process.exitCode = cases === 0 ? 2 : report.failed > 0 ? 1 : 0;
} catch (error) {
  console.error(toErrorData(error).message);
  process.exitCode = 2;
}
