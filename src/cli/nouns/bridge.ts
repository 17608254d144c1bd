import type { NounDefinition } from '../definition.ts';

/** The commands of `bridge`. */
export const bridgeNoun: NounDefinition = {
  noun: 'bridge',
  description: 'Reporting of closed windows to commerce.',
  commands: [
    {
      verb: 'status',
      description: 'Tell how far reporting is, and what stands in its way.',
      load: async () => (await import('../bridge.ts')).status,
    },
    {
      verb: 'dry-run',
      description: 'Tell what would be reported now. Sends nothing and changes nothing.',
      options: [
        {
          flags: '--window WINDOW',
          description: 'This closed hour alone, such as 2026-11-23T10Z.',
        },
      ],
      load: async () => (await import('../bridge.ts')).showDryRun,
    },
    {
      verb: 'send',
      description:
        'Report what is due now, without waiting for the server or for the time to try again. Ends with 3 when something is left.',
      load: async () => (await import('../bridge.ts')).send,
    },
    {
      verb: 'release',
      description:
        'Report hours before the first of this stamp as empty that no import has filled. What is imported into them later is never reported.',
      options: [
        {
          flags: '--through TIME',
          description: 'Last such hour, like 2026-11-23T10Z or the time at which it begins.',
          required: true,
        },
      ],
      load: async () => (await import('../bridge.ts')).release,
    },
    {
      verb: 'rotate',
      description: 'Give this stamp another key to report with.',
      load: async () => (await import('../bridge.ts')).rotate,
    },
  ],
};
