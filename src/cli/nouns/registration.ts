import type { NounDefinition } from '../definition.ts';

const ONE = [
  {
    name: 'REGISTRATION',
    description: 'Name, id or resource id of the registration.',
  },
] as const;

/** The commands of `registration`. */
export const registrationNoun: NounDefinition = {
  noun: 'registration',
  description: 'Stamps that are registered with commerce.',
  commands: [
    {
      verb: 'put',
      description: 'Register a stamp, or register it again with what its token states by now.',
      options: [
        {
          flags: '--token FILE',
          description:
            'What stackmeter activation token printed on the stamp; - reads it from the input.',
          required: true,
        },
        { flags: '--subscription ID', description: 'The subscription that pays.', required: true },
        {
          flags: '--group NAME',
          description: 'Resource group of the registration.',
          defaultValue: 'azurestack',
        },
        { flags: '--name NAME', description: 'Its name; AzureStack-CLOUDID unless given.' },
      ],
      load: async () => (await import('../registration.ts')).put,
    },
    {
      verb: 'list',
      description: 'List the registrations.',
      options: [
        { flags: '--subscription ID', description: 'Only those under this subscription.' },
        { flags: '--all', description: 'Also those that were removed.' },
      ],
      load: async () => (await import('../registration.ts')).list,
    },
    {
      verb: 'show',
      description: 'Show a registration and what it has reported from when to when.',
      operands: ONE,
      load: async () => (await import('../registration.ts')).show,
    },
    {
      verb: 'activation-key',
      description: 'Give the key with which the stamp is activated.',
      operands: ONE,
      options: [
        { flags: '--out FILE', description: 'Write it to this file instead.' },
        {
          flags: '--url URL',
          description:
            'Address at which the stamp reaches commerce; that of the running server unless given.',
        },
      ],
      load: async () => (await import('../registration-key.ts')).activationKey,
    },
    {
      verb: 'expire',
      description: 'Set when a registration ends: now, later, or never.',
      operands: ONE,
      options: [
        { flags: '--at TIME', description: 'When; now unless given.' },
        { flags: '--never', description: 'It does not end.' },
      ],
      load: async () => (await import('../registration-change.ts')).expire,
    },
    {
      verb: 'move',
      description: 'Move registrations to another group or subscription: all of them or none.',
      operands: [{ name: 'REGISTRATION...', description: 'Names, ids or resource ids.' }],
      options: [
        { flags: '--group NAME', description: 'Resource group to which they go.', required: true },
        {
          flags: '--subscription ID',
          description:
            'Subscription to which they go, of the same partner; their own unless given.',
        },
      ],
      load: async () => (await import('../registration-change.ts')).move,
    },
    {
      verb: 'remove',
      description: 'Remove a registration. What was reported stays booked.',
      operands: ONE,
      load: async () => (await import('../registration-change.ts')).remove,
    },
  ],
};
