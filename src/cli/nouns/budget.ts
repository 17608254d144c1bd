import type { NounDefinition } from '../definition.ts';

const ACCOUNT = {
  flags: '--account ACCOUNT',
  description:
    'Of which account, by its id or that of its subscription; the provider unless given.',
} as const;
const NAME = { name: 'NAME', description: 'Name of the budget.' } as const;

/** The commands of `budget`. */
export const budgetNoun: NounDefinition = {
  noun: 'budget',
  description: 'What accounts want to spend or to sell, and who hears when it comes to it.',
  commands: [
    {
      verb: 'list',
      description: 'List budgets, as they stood when they were looked at last.',
      options: [{ ...ACCOUNT, description: 'Only those of this account.' }],
      load: async () => (await import('../budget.ts')).list,
    },
    {
      verb: 'add',
      description: 'Add a budget, or change one of this name. What is left out of a change stays.',
      operands: [NAME],
      options: [
        ACCOUNT,
        { flags: '--amount AMOUNT', description: 'In the currency of the account.' },
        {
          flags: '--grain GRAIN',
          description: 'For which stretch of usage; the billing period unless given.',
          choices: ['BillingPeriod', 'Month', 'Quarter', 'Year'],
        },
        {
          flags: '--view VIEW',
          description: 'What the account buys, or what it sells.',
          choices: ['buying', 'selling'],
        },
        {
          flags: '--filter FILTER...',
          description:
            'Only this, as NAME=VALUE: subscription, resourceGroup, resource, resourceType, meter, location, service, or tag=NAME:VALUE. May be given several times; of one name: any of them.',
        },
        {
          flags: '--alert THRESHOLD...',
          description:
            'When somebody is told, such as 80%, 1200 or forecast:100%; may be given several times. Replaces the alerts that there are.',
        },
        {
          flags: '--email ADDRESS...',
          description: 'Whom each of these alerts tells; may be given several times.',
        },
        {
          flags: '--webhook',
          description: 'These alerts go to the webhook endpoints of the account and above it too.',
        },
      ],
      load: async () => (await import('../budget.ts')).add,
    },
    {
      verb: 'remove',
      description: 'Forget a budget and what it told.',
      operands: [NAME],
      options: [ACCOUNT],
      load: async () => (await import('../budget.ts')).remove,
    },
    {
      verb: 'status',
      description: 'Tell how a budget stands now, and which alerts went out.',
      operands: [NAME],
      options: [ACCOUNT],
      load: async () => (await import('../budget.ts')).status,
    },
  ],
};
