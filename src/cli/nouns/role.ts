import type { NounDefinition } from '../definition.ts';

/** The commands of `role`. */
export const roleNoun: NounDefinition = {
  noun: 'role',
  description: 'Who may do what.',
  commands: [
    {
      verb: 'show',
      description: 'Show the roles that there are, and what each allows.',
      load: async () => (await import('../role.ts')).show,
    },
    {
      verb: 'list',
      description: 'List the role assignments.',
      options: [
        { flags: '--principal ID', description: 'Only those of this client or user.' },
        { flags: '--scope SCOPE', description: 'Only those on exactly this scope.' },
      ],
      load: async () => (await import('../role.ts')).list,
    },
    {
      verb: 'assign',
      description: 'Give a client or a user a role.',
      options: [
        {
          flags: '--principal ID',
          description: 'Client id, user id, or object id of another directory.',
          required: true,
        },
        { flags: '--role ROLE', description: 'One of those that role show lists.', required: true },
        {
          flags: '--scope SCOPE',
          description:
            '/ for the whole stamp, /subscriptions/ID or /subscriptions/ID/resourceGroups/NAME.',
          required: true,
        },
        {
          flags: '--provider NAMESPACE...',
          description: 'Resource provider that an Emitter speaks for; all unless given.',
        },
        {
          flags: '--tenant ID',
          description: 'Directory tenant of a principal of another directory.',
        },
      ],
      load: async () => (await import('../role.ts')).assign,
    },
    {
      verb: 'remove',
      description: 'Take a role away.',
      operands: [{ name: 'ASSIGNMENT', description: 'Id of the role assignment.' }],
      load: async () => (await import('../role.ts')).remove,
    },
  ],
};
