import type { NounDefinition } from '../definition.ts';

const NAME = [
  { name: 'NAME', description: 'Name of the directory, such as one.example.' },
] as const;

/** The commands of `tenant`. */
export const tenantNoun: NounDefinition = {
  noun: 'tenant',
  description: 'Directories whose users and clients may have subscriptions.',
  commands: [
    {
      verb: 'list',
      description: 'List the directory tenants.',
      load: async () => (await import('../tenant.ts')).list,
    },
    {
      verb: 'add',
      description: 'Make a directory known, or give one that is known another name.',
      operands: NAME,
      options: [{ flags: '--id ID', description: 'Id of the directory; a new one unless given.' }],
      load: async () => (await import('../tenant.ts')).add,
    },
    {
      verb: 'remove',
      description: 'Forget a directory that no subscription, client or user is of.',
      operands: NAME,
      load: async () => (await import('../tenant.ts')).remove,
    },
  ],
};
