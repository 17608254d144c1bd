import type { NounDefinition } from '../definition.ts';

/** The commands of `activation`. */
export const activationNoun: NounDefinition = {
  noun: 'activation',
  description: 'How this stamp is registered with commerce.',
  commands: [
    {
      verb: 'token',
      description: 'Make the token with which this stamp is registered. It holds no secret.',
      options: [
        {
          flags: '--billing-model MODEL',
          description: 'How usage is paid for.',
          choices: ['PayAsYouUse', 'Capacity', 'Development', 'Custom', 'Ruggedized'],
          defaultValue: 'PayAsYouUse',
        },
        {
          flags: '--agreement-number NUMBER',
          description: 'Of the agreement; the capacity model needs it.',
        },
        { flags: '--asset-tag TAG', description: 'The custom model needs it.' },
        {
          flags: '--reporting SWITCH',
          description: 'Whether usage is reported; by the billing model unless given.',
          choices: ['on', 'off'],
        },
        { flags: '--marketplace', description: 'Ask for marketplace items to be offered.' },
        {
          flags: '--from TIME',
          description: 'First hour to report, also one of history; the open hour unless given.',
        },
        { flags: '--out FILE', description: 'Write the token to this file.' },
      ],
      load: async () => (await import('../activation.ts')).token,
    },
    {
      verb: 'apply',
      operands: [{ name: 'FILE', description: 'The activation key; - for standard input.' }],
      description: 'Activate this stamp with the key that commerce gave for its registration.',
      load: async () => (await import('../activation.ts')).apply,
    },
    {
      verb: 'show',
      description: 'Show how this stamp is registered.',
      load: async () => (await import('../activation.ts')).show,
    },
    {
      verb: 'remove',
      description: 'End the activation, and tell which closed windows stay behind unsent.',
      load: async () => (await import('../activation.ts')).remove,
    },
  ],
};
