// One command from its arguments to its exit code.
// Role: parsing, and errors as a sentence or as the one JSON object. Limits: does not end the process; see ../cli.ts.
import { type Command, CommanderError } from 'commander';
import packageJson from '../../../package.json' with { type: 'json' };
import { toErrorData } from '../../../shared/errors.ts';
import { createIo, EXIT, exitCodeOf, type Streams } from './io.ts';
import { createProgram } from './program.ts';

/** @param args what follows the program's name @returns the exit code */
export async function runCli(args: readonly string[], streams: Streams): Promise<number> {
  // Known before anything is parsed, because a parsing error has to be told in the same way.
  const json = args.includes('--json');
  const program = createProgram(packageJson.version, (wanted, report) => createIo(streams, wanted, report));
  let usageText = '';
  let helpText = '';
  const withParts = (command: Command): Command[] => [command, ...command.commands.flatMap(withParts)];
  for (const command of withParts(program)) {
    command.exitOverride().configureOutput({
      writeOut: (text) => {
        helpText += text;
      },
      writeErr: (text) => streams.err.write(text),
      outputError: (text) => {
        usageText = text.replace(/^error: /, '').trim();
      },
    });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) {
      // --help and --version, and the help that answers a call without a command.
      if (error.exitCode === 0) {
        createIo(streams, json).result({ text: helpText }, helpText.trimEnd());
        return EXIT.ok;
      }
      // Commander answers a call without a command with the help text and no sentence.
      const reason = (usageText || 'A command is missing').replace(/\.$/, '');
      const message = `${reason}. See "zerolabel --help".`;
      createIo(streams, json).failure({ code: 'bad_input', message, details: { usage: true } });
      return EXIT.usage;
    }
    const data = toErrorData(error);
    createIo(streams, json).failure(data);
    return exitCodeOf(data);
  }
}
