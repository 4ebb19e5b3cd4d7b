// Entry of the command line: `zerolabel <command>`.
// Role: process borders: arguments, streams, exit code. Limits: everything else is in cli/.
import { runCli } from './cli/run.ts';

// A reader that closes early (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await runCli(process.argv.slice(2), { out: process.stdout, err: process.stderr });
