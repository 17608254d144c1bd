import type { Argument, Command, Option } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { standardOutput } from './output.ts';
import { buildProgram } from './program.ts';

const EXIT_MEANINGS: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'Done.',
  failure: 'Failed; the message says why and what to do.',
  usage: 'The arguments are not understood; nothing was begun.',
  differs:
    'Done, but something differs (`window verify`), or records are in quarantine (`usage import`, `quarantine replay`).',
};

/**
 * The reference page of the command line in Markdown, made from the commands themselves. The page in docs/reference
 * must equal it; `bin/run scripts/command-line-reference.ts --write` writes it anew.
 */
export function commandReference(): string {
  const program = buildProgram(standardOutput, () => undefined);
  const [plain, nouns] = [
    program.commands.filter((command) => command.commands.length === 0),
    program.commands.filter((command) => command.commands.length > 0),
  ];
  const codes = Object.entries(EXIT_MEANINGS).map(([name, meaning]) => {
    const number = Object.entries(exitCodes).find(([key]) => key === name)?.[1];
    return `- \`${String(number)}\`: ${meaning}`;
  });
  return [
    '# Command line',
    '',
    'A command is `stackmeter <noun> <verb>`. Three commands run or reach the server and have no noun. Each takes',
    '`--json`, and every option of the [configuration](configuration.md) as a flag, `--config FILE` among them.',
    '',
    'Commands work on the database of the data folder, beside the server that runs on it or without one: then the',
    'embedded database is started for the length of the command. The answer goes to standard output, everything else',
    'to standard error: the log, the progress of long work, and errors, with `--json` as',
    '`{"error":{"code":"...","message":"..."}}` with the codes of the [error list](errors.md).',
    '',
    'Times are written like `2018-08-23`, `2018-08-23T10:00` or `2018-08-23T10:00:00Z`; without an offset they are UTC.',
    '',
    '## Exit codes',
    '',
    ...codes,
    '',
    ...plain.flatMap((command) => section(command, '##')),
    ...nouns.flatMap((noun) => [
      `## ${noun.name()}`,
      '',
      noun.description(),
      '',
      ...noun.commands.flatMap((command) => section(command, '###', noun.name())),
    ]),
  ].join('\n');
}

function section(command: Command, heading: string, noun = ''): string[] {
  const name = `${noun} ${command.name()}`.trim();
  const operands = command.registeredArguments.map(
    (argument) => `<${argument.name()}>${argument.variadic ? '...' : ''}`,
  );
  const items = [
    ...command.registeredArguments.map(operandLine),
    ...command.options.map(optionLine),
  ];
  return [
    `${heading} ${name}`,
    '',
    `\`stackmeter ${[name, ...operands].join(' ')}${command.options.length > 0 ? ' [options]' : ''}\``,
    '',
    command.description(),
    '',
    ...(items.length > 0 ? [...items, ''] : []),
  ];
}

function operandLine(argument: Argument): string {
  return `- \`${argument.name()}\`: ${argument.description}`;
}

function optionLine({ flags, description, mandatory, argChoices, defaultValue }: Option): string {
  const choices = argChoices === undefined ? '' : ` One of ${argChoices.map(code).join(', ')}.`;
  const fallback = typeof defaultValue === 'string' ? ` Default: ${code(defaultValue)}.` : '';
  return `- \`${flags}\`: ${description}${choices}${fallback}${mandatory ? ' Required.' : ''}`;
}

function code(text: string): string {
  return `\`${text}\``;
}
