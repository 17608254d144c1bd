import type { NounDefinition } from '../definition.ts';

/** The commands of `subscription`. */
export const subscriptionNoun: NounDefinition = {
  noun: 'subscription',
  description: 'Who uses the cloud.',
  commands: [
    {
      verb: 'list',
      description: 'List the subscriptions.',
      load: async () => (await import('../subscription.ts')).list,
    },
    {
      verb: 'show',
      description: 'Show one subscription.',
      operands: [{ name: 'ID', description: 'Subscription id.' }],
      load: async () => (await import('../subscription.ts')).show,
    },
    {
      verb: 'add',
      description: 'Make a subscription, with its directory tenant where that is not known yet.',
      options: [
        { flags: '--id ID', description: 'Subscription id; a new one unless given.' },
        { flags: '--name NAME', description: 'What people call the subscription.', required: true },
        { flags: '--owner OWNER', description: 'E-mail address of its owner.', required: true },
        {
          flags: '--tenant ID',
          description:
            "Its directory tenant, or the word new; the one of the owner's e-mail domain unless given.",
        },
        {
          flags: '--provider-subscription ID',
          description:
            'Subscription of the provider that it is made under; the default provider subscription unless given.',
        },
        {
          flags: '--offer NAME',
          description: 'Offer of that provider that it is made from; must exist.',
        },
      ],
      load: async () => (await import('../subscription.ts')).add,
    },
    {
      verb: 'set-state',
      description:
        'Set the state of a subscription: Enabled, Disabled, Warned or PastDue; to delete it Deleting, then Deleted or PartiallyDeleted.',
      operands: [
        { name: 'ID', description: 'Subscription id.' },
        { name: 'STATE', description: 'The new state.' },
      ],
      load: async () => (await import('../subscription.ts')).setState,
    },
    {
      verb: 'move',
      description:
        'Move subscriptions, with all below them, to another provider; all of them or none.',
      operands: [{ name: 'ID...', description: 'Subscription ids.' }],
      options: [
        {
          flags: '--provider-subscription ID',
          description:
            'Subscription of the new provider; the default provider subscription unless given.',
        },
        {
          flags: '--offer NAME',
          description:
            'Offer of the new provider; unless given, the one that each subscription has by way of delegation.',
        },
      ],
      load: async () => (await import('../subscription-move.ts')).move,
    },
  ],
};
