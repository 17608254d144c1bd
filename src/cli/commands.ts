import type { CommandDefinition, NounDefinition } from './definition.ts';
import { activationNoun } from './nouns/activation.ts';
import { accountNoun } from './nouns/account.ts';
import { adapterNoun } from './nouns/adapter.ts';
import { auditNoun } from './nouns/audit.ts';
import { authorityNoun } from './nouns/authority.ts';
import { bridgeNoun } from './nouns/bridge.ts';
import { budgetNoun } from './nouns/budget.ts';
import { clientNoun } from './nouns/client.ts';
import { commerceSubscriptionNoun } from './nouns/commerce-subscription.ts';
import { customerNoun } from './nouns/customer.ts';
import { commerceMeterNoun } from './nouns/commerce-meter.ts';
import { invoiceNoun } from './nouns/invoice.ts';
import { issuerNoun } from './nouns/issuer.ts';
import { ledgerNoun } from './nouns/ledger.ts';
import { mailNoun } from './nouns/mail.ts';
import { meterNoun } from './nouns/meter.ts';
import { offerNoun } from './nouns/offer.ts';
import { paymentNoun } from './nouns/payment.ts';
import { planNoun } from './nouns/plan.ts';
import { exchangeRateNoun } from './nouns/exchange-rate.ts';
import { exportNoun } from './nouns/export.ts';
import { priceNoun } from './nouns/price.ts';
import { taxNoun } from './nouns/tax.ts';
import { quarantineNoun } from './nouns/quarantine.ts';
import { ratingNoun } from './nouns/rating.ts';
import { registrationNoun } from './nouns/registration.ts';
import { roleNoun } from './nouns/role.ts';
import { statementNoun } from './nouns/statement.ts';
import { subscriptionNoun } from './nouns/subscription.ts';
import { tenantNoun } from './nouns/tenant.ts';
import { usageNoun } from './nouns/usage.ts';
import { userNoun } from './nouns/user.ts';
import { webhookNoun } from './nouns/webhook.ts';
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
  {
    verb: 'reconcile',
    description:
      'Put what the stamp counted beside what commerce received, and name the cause of each difference. Ends with 3 when something is left unexplained.',
    options: [
      {
        flags: '--from TIME',
        description: 'Reported time from which on; the start of this month unless given.',
      },
      { flags: '--to TIME', description: 'Reported time up to which; now unless given.' },
      {
        flags: '--by DIMENSIONS',
        description:
          'Any of day, meter, subscription, with commas between them; meter unless given.',
      },
      { flags: '--all', description: 'Show every line, however many there are.' },
    ],
    load: async () => (await import('./reconcile.ts')).reconcileReported,
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
  activationNoun,
  bridgeNoun,
  commerceSubscriptionNoun,
  registrationNoun,
  customerNoun,
  statementNoun,
  commerceMeterNoun,
  priceNoun,
  exchangeRateNoun,
  taxNoun,
  accountNoun,
  ratingNoun,
  invoiceNoun,
  paymentNoun,
  ledgerNoun,
  budgetNoun,
  webhookNoun,
  exportNoun,
  adapterNoun,
  mailNoun,
  auditNoun,
];
