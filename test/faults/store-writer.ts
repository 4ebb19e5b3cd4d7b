// A process that writes into a project until it is killed: every committed step is reported on standard output.
// Started by store.test.ts; the first argument is the project folder.
import { writeSync } from 'node:fs';
import { openProject } from '../../electron/store/open.ts';

const store = openProject(process.argv[2]);
for (let step = 1; ; step++) {
  store.transaction(() => {
    store.audit.append({ actor: 'writer', action: 'step', detail: { step } });
    // Two rows that belong together: a kill must never leave one without the other.
    store.settings.set('step', step);
  });
  // At once: what still waits in this process when it is killed would not count as reported.
  writeSync(1, `${step}\n`);
}
