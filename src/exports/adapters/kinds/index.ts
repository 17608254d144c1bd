import type { AdapterKind } from '../adapter.ts';
import { csvAdapter } from './csv.ts';
import type { BillingAdapter } from './kind.ts';
import { lagoAdapter } from './lago.ts';
import { stripeAdapter } from './stripe.ts';
import { webhookAdapter } from './webhook.ts';

export const adaptersByKind: Readonly<Record<AdapterKind, BillingAdapter>> = {
  webhook: webhookAdapter,
  csv: csvAdapter,
  stripe: stripeAdapter,
  lago: lagoAdapter,
};
