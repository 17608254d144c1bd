import { Command, Option } from 'commander';
import {
  flagOf,
  optionNames,
  options,
  type Option as ConfigOption,
} from '../platform/config/index.ts';
import { Arguments } from './arguments.ts';
import { nouns, plainCommands } from './commands.ts';
import type { CommandDefinition, OptionDefinition } from './definition.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import type { Output } from './output.ts';

const CONFIGURATION = 'Configuration:';

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 arguments not understood, 3 done but something differs or was left out.`;

const MORE_OPTIONS = `
Options of the configuration, such as --data FOLDER, --config FILE and --json, go with every command:
see stackmeter --help.`;

/** The command line: all nouns and verbs with their options. The code behind each is loaded when it is called. */
export function buildProgram(output: Output, onEnd: (exitCode: ExitCode) => void): Command {
  const program = new Command('stackmeter');
  program
    .description('Usage metering and chargeback for Azure Stack Hub and other private clouds.')
    .helpOption('-h, --help', 'Show this help.')
    .helpCommand(false)
    .exitOverride()
    .configureHelp({ visibleCommands: (command) => [...command.commands] })
    .configureOutput({
      writeOut: (text) => void output.out.write(text),
      writeErr: (text) => {
        // As JSON it is told once, by who runs the program.
        if (program.opts()['json'] !== true)
          output.err.write(text.replace(/^error: /, 'stackmeter: '));
      },
    })
    .addHelpText('after', EXIT_CODES);
  addGlobalOptions(program);
  for (const definition of plainCommands) addCommand(program, definition, output, onEnd);
  for (const { noun, description, commands } of nouns) {
    const command = program.command(noun).description(description);
    command.helpOption('-h, --help', 'Show this help.').helpCommand(false);
    for (const definition of commands) addCommand(command, definition, output, onEnd);
  }
  return program;
}

function addGlobalOptions(program: Command): void {
  program.option('--json', 'Answer in JSON.');
  program.optionsGroup(CONFIGURATION);
  const config = new Option('--config <FILE>', 'JSON file with options by name.');
  program.addOption(config);
  refuseTwice(program, config);
  for (const name of optionNames) {
    const entry: ConfigOption<unknown> = options[name];
    const shown = entry.defaultText ?? String(entry.defaultValue);
    const option = new Option(
      `${flagOf(name)} <${entry.placeholder}>`,
      `${entry.description} Default: ${shown.replaceAll('`', '')}.`,
    );
    program.addOption(option);
    refuseTwice(program, option);
  }
}

function addCommand(
  parent: Command,
  definition: CommandDefinition,
  output: Output,
  onEnd: (exitCode: ExitCode) => void,
): void {
  const command = parent.command(definition.verb).description(definition.description);
  command.helpOption('-h, --help', 'Show this help.').addHelpText('after', MORE_OPTIONS);
  for (const { name, description } of definition.operands ?? []) {
    command.argument(`<${name}>`, description);
  }
  for (const entry of definition.options ?? []) {
    const option = toOption(entry);
    command.addOption(option);
    if (option.required && !entry.flags.endsWith('...')) refuseTwice(command, option);
  }
  command.action(async () => {
    const { makeContext } = await import('./context.ts');
    const context = makeContext(command.optsWithGlobals(), output);
    const run = await definition.load();
    const exitCode = await run(context, new Arguments(command.args, command.opts()));
    onEnd(exitCode ?? exitCodes.ok);
  });
}

/** Of two values the last would count and the first be lost without a word. */
function refuseTwice(command: Command, option: Option): void {
  let isGiven = false;
  command.on(`option:${option.name()}`, () => {
    if (isGiven) {
      command.error(`error: option '${option.flags}' is given twice, and takes one value`, {
        code: 'stackmeter.optionGivenTwice',
      });
    }
    isGiven = true;
  });
}

function toOption({
  flags,
  description,
  required,
  choices,
  defaultValue,
}: OptionDefinition): Option {
  const option = new Option(flags.replace(/ ([A-Z]+)(\.\.\.)?$/, ' <$1>'), description);
  if (flags.endsWith('...')) {
    // One value for each time it is given: a list of values would swallow the operands that follow.
    option.argParser((value: string, before: unknown) => [
      ...(Array.isArray(before) ? before.filter((one) => typeof one === 'string') : []),
      value,
    ]);
  }
  if (required === true) option.makeOptionMandatory();
  if (choices !== undefined) option.choices(choices);
  if (defaultValue !== undefined) option.default(defaultValue);
  return option;
}
