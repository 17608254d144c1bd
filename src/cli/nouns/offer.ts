import type { NounDefinition } from '../definition.ts';

const NAME = [{ name: 'NAME', description: 'Name of the offer.' }] as const;

/** The commands of `offer`. */
export const offerNoun: NounDefinition = {
  noun: 'offer',
  description: 'What subscriptions are made from.',
  commands: [
    {
      verb: 'list',
      description: 'List the offers of the operator and of all delegated providers.',
      load: async () => (await import('../offer.ts')).list,
    },
    {
      verb: 'add',
      description: 'Make an offer of the operator; it is Private.',
      operands: NAME,
      options: [
        { flags: '--name NAME', description: 'What people call the offer; its name unless given.' },
        { flags: '--description TEXT', description: 'What is in it, in words.' },
        {
          flags: '--resource-group NAME',
          description: 'Resource group of the offer; system.REGION unless given.',
        },
        {
          flags: '--plan NAME...',
          description: 'Plan that comes with each subscription; may be given several times.',
        },
        {
          flags: '--most-per-account NUMBER',
          description: 'Subscriptions that an account may have of it; 0 for any number.',
          defaultValue: '0',
        },
      ],
      load: async () => (await import('../offer.ts')).add,
    },
    {
      verb: 'set-state',
      description: 'Publish an offer, make it private again, or give none of it any more.',
      operands: [...NAME, { name: 'STATE', description: 'Private, Public or Decommissioned.' }],
      load: async () => (await import('../offer.ts')).setState,
    },
    {
      verb: 'remove',
      description: 'Remove an offer of the operator that no subscription or provider has.',
      operands: NAME,
      load: async () => (await import('../offer.ts')).remove,
    },
  ],
};
