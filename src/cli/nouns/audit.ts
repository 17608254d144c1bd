import type { NounDefinition } from '../definition.ts';

/** The commands of `audit`. */
export const auditNoun: NounDefinition = {
  noun: 'audit',
  description: 'Who changed what.',
  commands: [
    {
      verb: 'list',
      description: 'List the audit trail, oldest first.',
      options: [
        {
          flags: '--after NUMBER',
          description: 'Begin after this event; with the first unless given.',
        },
        {
          flags: '--target PATH',
          description: 'Only events about this, such as /subscriptions/ID.',
        },
      ],
      load: async () => (await import('../audit.ts')).list,
    },
    {
      verb: 'head',
      description:
        'Print the end of the trail. Noted somewhere else, it shows later that nothing before it was cut or written anew.',
      load: async () => (await import('../audit.ts')).head,
    },
    {
      verb: 'verify',
      description:
        'Compute the chain of hashes anew, from the first event to the last. Ends with 3 when it does not hold.',
      options: [
        {
          flags: '--head HEAD',
          description: 'What audit head has printed earlier; the trail must still hold it.',
        },
      ],
      load: async () => (await import('../audit.ts')).verify,
    },
  ],
};
