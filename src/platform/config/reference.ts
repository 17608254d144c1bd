import {
  flagOf,
  optionNames,
  options,
  variablesOf,
  type Option,
  type OptionName,
} from './options.ts';

/**
 * The reference page of options in Markdown, in the order of the list. The page in docs/reference must
 * equal it; `bin/run scripts/configuration-reference.ts --write` writes it anew.
 */
export function configReference(): string {
  return [
    '# Configuration',
    '',
    'Each option can be given as a flag, as an environment variable, or in a JSON file that `--config FILE`',
    'or `STACKMETER_CONFIG` names. A flag is stronger than a variable, and a variable stronger than the file:',
    '',
    '```json',
    '{ "port": 9443, "hostNames": ["usage.example.com"], "sharedBuffers": "1GB" }',
    '```',
    '',
    'A variable that is set to an empty text counts as not set. A relative path is seen from the current folder,',
    'in the file from the folder of the file. Sizes take KB, MB or GB, in units of 1,024 and its powers.',
    '',
    ...optionNames.flatMap(section),
  ].join('\n');
}

function section(name: OptionName): string[] {
  const entry: Option<unknown> = options[name];
  const variables = variablesOf(name).map((variable) => `\`${variable}\``);
  const shown = entry.defaultText ?? `\`${String(entry.defaultValue)}\``;
  return [
    `## ${name}`,
    '',
    entry.description + (entry.secret === true ? ' Secret: never printed.' : ''),
    '',
    `- Flag: \`${flagOf(name)} ${entry.placeholder}\``,
    `- Environment: ${variables.join(', then ')}`,
    `- Default: ${shown}`,
    '',
  ];
}
