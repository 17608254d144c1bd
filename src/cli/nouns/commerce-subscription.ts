import type { NounDefinition } from '../definition.ts';

const ID = [{ name: 'ID', description: 'Id of the subscription.' }] as const;

/** The commands of `commerce-subscription`. */
export const commerceSubscriptionNoun: NounDefinition = {
  noun: 'commerce-subscription',
  description: 'Subscriptions that pay for stamps and customers.',
  commands: [
    {
      verb: 'add',
      description: 'Make a subscription that pays.',
      options: [
        { flags: '--name NAME', description: 'What people call it.', required: true },
        {
          flags: '--kind KIND',
          description:
            'How it is bought: EnterpriseAgreement, CSP, CSPSharedServices, PayAsYouGo or MSDN.',
          required: true,
        },
        { flags: '--id ID', description: 'Id of the subscription; a new one unless given.' },
        {
          flags: '--partner ID',
          description: 'To whom one of the kinds CSP and CSPSharedServices rolls up.',
        },
        { flags: '--tenant ID', description: 'Home directory of whoever it belongs to.' },
        {
          flags: '--multitenancy',
          description: 'Approve it for registrations that map customers.',
        },
      ],
      load: async () => (await import('../commerce-subscription.ts')).add,
    },
    {
      verb: 'list',
      description: 'List the subscriptions that pay.',
      load: async () => (await import('../commerce-subscription.ts')).list,
    },
    {
      verb: 'show',
      description: 'Show one of them with its registrations.',
      operands: ID,
      load: async () => (await import('../commerce-subscription.ts')).show,
    },
    {
      verb: 'change',
      description: 'Change one of them. Another directory resets its registrations.',
      operands: ID,
      options: [
        { flags: '--name NAME', description: 'What people call it.' },
        { flags: '--tenant ID', description: 'Home directory of whoever it belongs to.' },
        {
          flags: '--multitenancy WORD',
          description: 'Whether its registrations may map customers.',
          choices: ['approved', 'refused'],
        },
        {
          flags: '--state STATE',
          description: 'A disabled one gets no registrations and no customers.',
          choices: ['Enabled', 'Disabled'],
        },
      ],
      load: async () => (await import('../commerce-subscription.ts')).change,
    },
  ],
};
