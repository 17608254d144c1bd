import type { NounDefinition } from '../definition.ts';

/** The commands of `authority`. */
export const authorityNoun: NounDefinition = {
  noun: 'authority',
  description: 'The keys with which tokens are signed.',
  commands: [
    {
      verb: 'keys',
      description: 'List the keys that are published.',
      load: async () => (await import('../authority.ts')).keys,
    },
    {
      verb: 'rotate-keys',
      description:
        'Make a new key. It is published at once and signs after a day; the server does this by itself every 90 days.',
      options: [
        {
          flags: '--now',
          description:
            'Let it sign at once and withdraw all others: within half a minute every token that is out ends.',
        },
      ],
      load: async () => (await import('../authority.ts')).rotate,
    },
  ],
};
