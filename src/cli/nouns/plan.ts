import type { NounDefinition } from '../definition.ts';

const NAME = [{ name: 'NAME', description: 'Name of the plan.' }] as const;

/** The commands of `plan`. */
export const planNoun: NounDefinition = {
  noun: 'plan',
  description: 'What offers are made of.',
  commands: [
    {
      verb: 'list',
      description: 'List the plans.',
      load: async () => (await import('../plan.ts')).list,
    },
    {
      verb: 'add',
      description: 'Make a plan.',
      operands: NAME,
      options: [
        { flags: '--name NAME', description: 'What people call the plan; its name unless given.' },
        { flags: '--description TEXT', description: 'What is in it, in words.' },
        {
          flags: '--resource-group NAME',
          description: 'Resource group of the plan; system.REGION unless given.',
        },
        {
          flags: '--quota ID...',
          description: 'Quota of a resource provider; kept only. May be given several times.',
        },
      ],
      load: async () => (await import('../plan.ts')).add,
    },
    {
      verb: 'remove',
      description: 'Remove a plan that no offer or subscription has.',
      operands: NAME,
      load: async () => (await import('../plan.ts')).remove,
    },
  ],
};
