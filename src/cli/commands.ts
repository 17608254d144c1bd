import type { CommandDefinition, NounDefinition } from './definition.ts';
import { auditNoun } from './nouns/audit.ts';
import { authorityNoun } from './nouns/authority.ts';
import { clientNoun } from './nouns/client.ts';
import { issuerNoun } from './nouns/issuer.ts';
import { meterNoun } from './nouns/meter.ts';
import { offerNoun } from './nouns/offer.ts';
import { planNoun } from './nouns/plan.ts';
import { quarantineNoun } from './nouns/quarantine.ts';
import { roleNoun } from './nouns/role.ts';
import { subscriptionNoun } from './nouns/subscription.ts';
import { tenantNoun } from './nouns/tenant.ts';
import { usageNoun } from './nouns/usage.ts';
import { userNoun } from './nouns/user.ts';
import { windowNoun } from './nouns/window.ts';

/** Commands that have no noun. */
export const plainCommands: readonly CommandDefinition[] = [
  {
    verb: 'serve',
    description: 'Run the server until it is told to stop (Ctrl-C, SIGTERM).',
    load: async () => (await import('./serve.ts')).serve,
  },
  {
    verb: 'demo',
    description: 'Run the server together with a simulated stamp that emits usage.',
    load: async () => (await import('./demo.ts')).demo,
  },
  {
    verb: 'connect',
    description:
      'Tell how to reach the server that runs on this data folder, with commands ready to paste. Shows the secret of the operator.',
    options: [
      {
        flags: '--shell',
        description: 'Print lines that set BASE_URL, CLIENT_ID and so on, for eval in a shell.',
      },
    ],
    load: async () => (await import('./connect.ts')).connect,
  },
];

/** Commands by the noun that they are about. */
export const nouns: readonly NounDefinition[] = [
  clientNoun,
  userNoun,
  authorityNoun,
  roleNoun,
  issuerNoun,
  subscriptionNoun,
  offerNoun,
  planNoun,
  tenantNoun,
  meterNoun,
  usageNoun,
  windowNoun,
  quarantineNoun,
  auditNoun,
];
