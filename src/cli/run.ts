import { CommanderError } from 'commander';
import { fail, type StackmeterError } from '../kernel/index.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { standardOutput, type Output } from './output.ts';
import { buildProgram } from './program.ts';

/**
 * Runs one command to its end.
 *
 * @param argv the arguments behind the program's name
 * @returns the exit code; see `exitCodes`
 */
export async function runCommandLine(
  argv: readonly string[],
  output: Output = standardOutput,
): Promise<ExitCode> {
  // Whoever reads our output may stop before the end, as `head` does; that is no failure.
  const reader = { left: false };
  for (const stream of [output.out, output.err]) {
    stream.on('error', (error: Error) => {
      if (!('code' in error) || error.code !== 'EPIPE') throw error;
      if (stream === output.out) reader.left = true;
    });
  }
  let exitCode: ExitCode = exitCodes.ok;
  const program = buildProgram(output, (code) => {
    exitCode = code;
  });
  const json = argv.includes('--json');
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (reader.left) return exitCodes.ok;
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
    const { describeFailure } = await import('./failure.ts');
    if (error instanceof CommanderError) {
      // For people it has been told by the program already, with the nearest command that there is.
      if (json) output.err.write(describeFailure(notUnderstood(error), { json, debug: false }));
      return exitCodes.usage;
    }
    const level = program.opts()['logLevel'] as unknown;
    const debug = level === 'debug' || level === 'trace';
    output.err.write(describeFailure(error, { json, debug }));
    return exitCodes.failure;
  }
}

function notUnderstood(error: CommanderError): StackmeterError {
  const reason =
    error.code === 'commander.help' ? 'a verb is missing' : error.message.replace(/^error: /, '');
  return fail('InvalidArguments', { reason }, { cause: error });
}
