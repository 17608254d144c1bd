import type { FastifyInstance } from 'fastify';
import { SYSTEM } from '../audit/index.ts';
import { accountRoutes, ensureBillingAccounts } from '../commerce/accounts/index.ts';
import { budgetRoutes, watchBudgets } from '../commerce/budgets/index.ts';
import { costAnalysisRoutes, summarizeCosts } from '../commerce/cost-analysis/index.ts';
import { createRenderer } from '../commerce/documents/index.ts';
import {
  advanceBilling,
  invoicingRoutes,
  registerInvoicingMetrics,
  remindOverdue,
  renderDueDocuments,
} from '../commerce/invoicing/index.ts';
import { ledgerRoutes } from '../commerce/ledger/index.ts';
import { createMailSender, mailRoutes, registerMailMetrics } from '../commerce/mail/index.ts';
import { ensureSamplePriceList, ensureTaxTable, pricingRoutes } from '../commerce/pricing/index.ts';
import {
  followPriceChanges,
  rateAcceptedUsage,
  ratedUpTo,
  ratingRoutes,
  registerRatingMetrics,
} from '../commerce/rating/index.ts';
import {
  createWebhookSender,
  registerWebhookMetrics,
  webhookRoutes,
} from '../commerce/webhooks/index.ts';
import { inTurn } from './in-turn.ts';
import type { Repeating } from '../platform/index.ts';
import { EVERY_MINUTE } from './jobs.ts';
import { ownRecords } from './own-records.ts';
import { ownSubscriptionNames } from './own-subscriptions.ts';
import { pricesOf } from './prices-of.ts';
import type { Ground, Wing } from './wing.ts';

/** Invoices are few and long work; the rest of the process needs the other core. */
const RENDERING_THREADS = 1;

/** The part of commerce in which reported usage turns into invoices. */
export async function openBilling(ground: Ground): Promise<Required<Wing>> {
  const { clock, database, log, metrics, identity } = ground;
  await database.transaction(async (tx) => {
    await ensureSamplePriceList(tx, clock);
    await ensureTaxTable(tx, clock);
    await ensureBillingAccounts(tx, clock);
  });
  registerRatingMetrics(metrics, { database, clock });
  registerInvoicingMetrics(metrics, { database, clock });
  registerWebhookMetrics(metrics, { database, clock });
  registerMailMetrics(metrics, { database, clock });
  const renderer = createRenderer({ threads: RENDERING_THREADS });
  const senders = {
    webhooks: createWebhookSender({ database, clock, log }),
    mail: createMailSender({ database, clock, log, config: ground.config }),
  };
  const room = { database, clock, log };
  const wakeSenders = (): void => {
    senders.webhooks.wake();
    senders.mail.wake();
  };
  return {
    tasks: [
      {
        // In this order, so that one minute is enough from the last window of a period to its draft.
        name: 'rate-and-invoice',
        when: EVERY_MINUTE,
        run: () =>
          inTurn(log, {
            rating: () => rateAcceptedUsage(room),
            invoicing: () => advanceBilling(room),
            reminding: () => remindOverdue(room),
            summarizing: () => summarizeCosts(room),
            watching: () => watchBudgets({ ...room, wake: wakeSenders }),
          }),
      },
      {
        name: 'make-invoice-documents',
        when: EVERY_MINUTE,
        run: async () => {
          await renderDueDocuments(room, renderer, { atOnce: RENDERING_THREADS });
        },
      },
    ],
    addRoutes: (app) => addRoutes(app, ground, senders, identity.authenticate),
    start: () => {
      senders.webhooks.start();
      senders.mail.start();
    },
    stop: async () => {
      await senders.webhooks.stop();
      await senders.mail.stop();
      await renderer.close();
    },
  };
}

function addRoutes(
  app: FastifyInstance,
  ground: Ground,
  senders: { readonly webhooks: Repeating; readonly mail: Repeating },
  authenticate: Ground['identity']['authenticate'],
): void {
  const { config, database, clock, log } = ground;
  const api = { database, clock, authenticate };
  const follow = async (): Promise<void> => {
    try {
      await followPriceChanges({ database, clock }, { clock, actor: SYSTEM });
    } catch (err) {
      // The change is made, and queued: the next run of rating follows it.
      log.error({ err }, 'what was rated does not follow a change of prices yet');
    }
  };
  accountRoutes(app, {
    ...api,
    ratedUpTo,
    followPriceChanges: follow,
  });
  pricingRoutes(app, {
    ...api,
    ratedUpTo,
    followPriceChanges: follow,
    pricesOf: (subscriptionId) => pricesOf(ground, subscriptionId),
  });
  webhookRoutes(app, { ...api, wake: () => senders.webhooks.wake() });
  mailRoutes(app, { ...api, wake: () => senders.mail.wake() });
  ledgerRoutes(app, api);
  ratingRoutes(app, api);
  const recordsOf = config.roles.includes('stamp') ? ownRecords(database) : undefined;
  invoicingRoutes(app, { ...api, recordsOf });
  const namesOf = config.roles.includes('stamp') ? ownSubscriptionNames : undefined;
  costAnalysisRoutes(app, { ...api, namesOf });
  budgetRoutes(app, api);
}
