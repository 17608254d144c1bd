import type { CommandDefinition } from './definition.ts';

/** `export check`: registered among the commands of `export`. */
export const checkExport: CommandDefinition = {
  verb: 'check',
  description:
    'Check FOCUS files, of anybody, against the rules of FOCUS. Reads CSV, also packed as .gz, and Parquet.',
  operands: [
    {
      name: 'FILE...',
      description: 'Files of one delivery, or folders of them; those of one dataset are its parts.',
    },
  ],
  options: [
    {
      flags: '--focus-version VERSION',
      description: 'Of all files; seen from their columns unless given.',
      choices: ['1.2', '1.4'],
    },
    {
      flags: '--previous FILE...',
      description:
        'Files or folders of the delivery before: what was closed has to be as it was. May be given several times.',
    },
    {
      flags: '--own',
      description: 'Stackmeter made the files: what it can and cannot do is taken as known.',
    },
    {
      flags: '--supports NAME...',
      description:
        'A capability of who made the files, such as TAGGING; may be given several times.',
    },
    {
      flags: '--lacks NAME...',
      description: 'One that it does not have; may be given several times.',
    },
  ],
  load: async () => (await import('./export-check-run.ts')).checkFiles,
};
