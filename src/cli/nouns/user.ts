import type { NounDefinition } from '../definition.ts';

const USER = { name: 'USER', description: 'User id, or sign-in name.' } as const;
const PASSWORD_STDIN = {
  flags: '--password-stdin',
  description: 'Read the password from standard input; one is made and shown once unless given.',
} as const;

/** The commands of `user`. */
export const userNoun: NounDefinition = {
  noun: 'user',
  description: 'People who may sign in.',
  commands: [
    {
      verb: 'add',
      description: 'Let a person sign in, with one role on one scope or several, or none yet.',
      options: [
        { flags: '--name NAME', description: 'What people call the person.', required: true },
        {
          flags: '--user-name NAME',
          description: 'What the person types to sign in, such as ann@example.org.',
          required: true,
        },
        {
          flags: '--tenant ID',
          description:
            'Directory tenant that the person belongs to; the home tenant of the stamp unless given.',
        },
        {
          flags: '--role ROLE',
          description: 'One of those that role show lists, such as Reader; no role unless given.',
        },
        {
          flags: '--scope SCOPE...',
          description:
            '/ for the whole stamp, /subscriptions/ID or /subscriptions/ID/resourceGroups/NAME; may be given several times.',
        },
        PASSWORD_STDIN,
      ],
      load: async () => (await import('../user.ts')).add,
    },
    {
      verb: 'list',
      description: 'List the people who may sign in.',
      load: async () => (await import('../user.ts')).list,
    },
    {
      verb: 'set-password',
      description: 'Give a person another password. Whatever was signed in with the old one ends.',
      operands: [USER],
      options: [PASSWORD_STDIN],
      load: async () => (await import('../user.ts')).changePassword,
    },
    {
      verb: 'disable',
      description: 'Refuse a person from now on and keep the account on record.',
      operands: [USER],
      load: async () => (await import('../user.ts')).disable,
    },
    {
      verb: 'enable',
      description: 'Let a disabled person sign in again.',
      operands: [USER],
      load: async () => (await import('../user.ts')).enable,
    },
    {
      verb: 'remove',
      description: 'Forget a person and the roles of the account.',
      operands: [USER],
      load: async () => (await import('../user.ts')).remove,
    },
  ],
};
