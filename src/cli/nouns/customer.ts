import type { NounDefinition } from '../definition.ts';

const REGISTRATION = {
  name: 'REGISTRATION',
  description: 'Name, id or resource id of the registration.',
} as const;
const CUSTOMER = {
  name: 'CUSTOMER',
  description: 'Id of the subscription of the customer.',
} as const;

/** The commands of `customer`. */
export const customerNoun: NounDefinition = {
  noun: 'customer',
  description: 'Customers of a partner: whose usage goes to which subscription.',
  commands: [
    {
      verb: 'map',
      description: 'Let the usage of a directory go to a customer subscription.',
      operands: [REGISTRATION, CUSTOMER],
      options: [
        {
          flags: '--tenant ID',
          description: 'Directory of the customer; that of its subscription unless given.',
        },
        { flags: '--from TIME', description: 'From when on; now unless given, never earlier.' },
        { flags: '--shared', description: 'Let all registrations of the partner use it.' },
      ],
      load: async () => (await import('../customer.ts')).map,
    },
    {
      verb: 'list',
      description: 'List the customers of a registration, also those that its partner shares.',
      operands: [REGISTRATION],
      load: async () => (await import('../customer.ts')).list,
    },
    {
      verb: 'preview',
      description: 'Show what mapping a customer would change, by the usage that came lately.',
      operands: [REGISTRATION, CUSTOMER],
      options: [
        {
          flags: '--tenant ID',
          description: 'Directory of the customer; that of its subscription unless given.',
        },
        { flags: '--days N', description: 'How many days back, today included; 30 unless given.' },
        {
          flags: '--shared',
          description: 'As a mapping that all registrations of the partner use.',
        },
      ],
      load: async () => (await import('../customer-preview.ts')).preview,
    },
    {
      verb: 'remove',
      description: 'End the mapping of a customer: usage then goes to the subscription that pays.',
      operands: [REGISTRATION, CUSTOMER],
      load: async () => (await import('../customer.ts')).remove,
    },
  ],
};
