import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fail } from '../../kernel/index.ts';
import {
  flagOf,
  isOptionName,
  optionNames,
  options,
  variablesOf,
  type Config,
  type Option,
  type OptionName,
} from './options.ts';
import { ValueRefused } from './values.ts';

/** Where the options are looked up. */
export interface ConfigSources {
  /** Values of flags by option name, as the command line gives them; other names are passed over. */
  readonly flags?: Readonly<Record<string, unknown>>;
  /** The process's own environment unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A JSON file with an object of options by name; STACKMETER_CONFIG names it otherwise. */
  readonly file?: string | undefined;
}

/** A value as it was found, with the place, so that an error can say which one to correct. */
interface Found {
  readonly text: string;
  readonly place: string;
  readonly folder: string;
}

/**
 * The options, each from the strongest place that sets it: flag, environment variable, file, default.
 * An environment variable that is set to an empty text counts as not set.
 *
 * @throws ConfigurationInvalid naming the option, the place, the value (unless it is secret) and what is allowed
 */
export function loadConfig(sources: ConfigSources = {}): Config {
  const env = sources.env ?? process.env;
  const file = readConfigFile(sources.file ?? nonEmpty(env['STACKMETER_CONFIG']));
  const entries = optionNames.map((name) => {
    const found = fromFlag(name, sources.flags ?? {}) ?? fromVariable(name, env) ?? file.get(name);
    return [name, found === undefined ? options[name].defaultValue : parse(name, found)];
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each value came from the option of that name, which Object.fromEntries cannot tell
  return Object.freeze(Object.fromEntries(entries)) as Config;
}

/** STACKMETER_ variables that set no option: most often a slip of the pen that deserves a warning. */
export function unknownVariables(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string[] {
  const known = new Set(optionNames.flatMap((name) => variablesOf(name)));
  return Object.keys(env)
    .filter((name) => name.startsWith('STACKMETER_') && !name.startsWith('STACKMETER_TEST_'))
    .filter((name) => name !== 'STACKMETER_CONFIG' && !known.has(name))
    .toSorted();
}

/** The options as they may be shown: a secret that is set reads `(hidden)`. */
export function describeConfig(config: Config): Record<OptionName, unknown> {
  const hidden = optionNames.filter((name) => {
    const entry: Option<unknown> = options[name];
    return entry.secret === true && config[name] !== undefined;
  });
  return { ...config, ...Object.fromEntries(hidden.map((name) => [name, '(hidden)'])) };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function fromFlag(name: OptionName, flags: Readonly<Record<string, unknown>>): Found | undefined {
  const value = flags[name];
  if (value === undefined) return undefined;
  return { text: toText(name, value, 'flag'), place: 'flag', folder: process.cwd() };
}

function fromVariable(
  name: OptionName,
  env: Readonly<Record<string, string | undefined>>,
): Found | undefined {
  for (const variable of variablesOf(name)) {
    const text = nonEmpty(env[variable]);
    if (text !== undefined) {
      return { text, place: `environment variable ${variable}`, folder: process.cwd() };
    }
  }
  return undefined;
}

function readConfigFile(file: string | undefined): Map<OptionName, Found> {
  const found = new Map<OptionName, Found>();
  if (file === undefined) return found;
  const path = resolve(file);
  const place = `file ${path}`;
  for (const [name, value] of Object.entries(readObject(path))) {
    if (!isOptionName(name)) {
      throw fail('ConfigurationInvalid', {
        option: `${name} (${place})`,
        reason: `there is no such option; there are ${optionNames.join(', ')}`,
      });
    }
    found.set(name, { text: toText(name, value, place), place, folder: dirname(path) });
  }
  return found;
}

function readObject(path: string): object {
  let reason = 'it does not hold a JSON object like {"port": 9443}';
  let cause: unknown;
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content;
  } catch (error) {
    cause = error;
    reason = `the file ${path} cannot be read as JSON: ${error instanceof Error ? error.message : ''}`;
  }
  throw fail('ConfigurationInvalid', { option: '--config', reason }, { cause });
}

function toText(name: OptionName, value: unknown, place: string): string {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values
    .map((part) => {
      if (typeof part === 'string') return part;
      if (typeof part === 'number' || typeof part === 'boolean') return `${part}`;
      throw invalid(name, place, 'it must be a text, a number or a list of them');
    })
    .join(',');
}

function parse(name: OptionName, found: Found): unknown {
  const entry: Option<unknown> = options[name];
  try {
    return entry.parse(found.text, { folder: found.folder });
  } catch (error) {
    if (error instanceof ValueRefused) throw invalid(name, found.place, error.message);
    throw error;
  }
}

function invalid(name: OptionName, place: string, reason: string): Error {
  return fail('ConfigurationInvalid', { option: `${flagOf(name)} (${place})`, reason });
}
