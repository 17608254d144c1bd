import type { SeededRandom } from '../crash/random.ts';
import { METERS } from '../support/billing.ts';
import type { ApiOperation } from './document.ts';
import { LEFT_OUT, type Hint } from './from-schema.ts';
import type { Knowledge, World } from './knowledge.ts';

const NEW_ACCOUNTS = Array.from(
  { length: 6 },
  (_, number) => `5e0a0000-0000-4000-8000-00000000000${number}`,
);
const ENDPOINTS = NEW_ACCOUNTS.slice(0, 4).map((id) => id.replace('5e0a', '5e0b'));

/** What requests to billing can name. The more often one is named here, the more often it is taken. */
export function fixBilling({ knowledge }: World, known: Readonly<Record<string, string>>): void {
  const of = (name: string): string => known[name]!;
  const billed = of('billedAccount');
  const [partner, other] = [of('billingPartnerAccount'), of('otherBilledAccount')];
  knowledge.fix('billingAccount', billed, billed, other, other, partner, of('providerAccount'));
  knowledge.fix('billingAccount', of('unpricedAccount'), of('billedSubscription'));
  knowledge.fix('billingAccount', ...NEW_ACCOUNTS.slice(0, 2));
  knowledge.fix('billingChurn', ...NEW_ACCOUNTS);
  knowledge.fix('buyer', billed, other);
  knowledge.fix('seller', partner, of('providerAccount'));
  const paying = [of('otherBilledSubscription'), of('manyBilledSubscription')];
  knowledge.fix('payingSubscription', ...paying, of('billedSubscription'));
  knowledge.fix('account', of('billedSubscription'), ...paying);
  knowledge.fix('billedRegistration', of('billingRegistrationId'));
  knowledge.fix('billingPeriod', '202609-1', '202610-1', '202610-1', '202608-1');
  const invoices = ['invoice', 'invoice', 'otherInvoice', 'note', 'manyInvoice'];
  knowledge.fix('number', ...invoices.map((name) => of(`${name}Number`)));
  knowledge.fix('line', '1', '1', '2', '99');
  knowledge.fix('document', 'pdf', 'ubl', 'csv', 'png');
  knowledge.fix('charge', of('charge'), of('otherCharge'), of('octoberCharge'));
  knowledge.fix('priceListId', 'wire', 'sample', 'gold', 'silver');
  knowledge.fix('listChurn', 'gold', 'silver', 'Bronze');
  knowledge.fix('version', '1', '1', '2');
  knowledge.fix('endpoint', ...ENDPOINTS);
}

/** From which kind of known things the parameters of a path of billing are taken; undefined for other paths. */
export function billingPools(
  path: string,
  isWrite: boolean,
): Readonly<Record<string, string>> | undefined {
  if (path.includes('Microsoft.Billing/invoices')) {
    return { subscriptionId: 'account', name: 'number' };
  }
  if (/\/RateCard$|\/rate-cards\//.test(path)) return { subscriptionId: 'payingSubscription' };
  const place = /^\/api\/v1\/([\w-]+)/.exec(path)?.[1] ?? '';
  const isChanged = isWrite && !path.includes('/terms/');
  switch (place) {
    case 'accounts':
      return {
        account: isChanged ? 'billingChurn' : 'billingAccount',
        period: 'billingPeriod',
        term: 'termId',
      };
    case 'billed-usage':
      return { registrationId: 'billedRegistration' };
    case 'price-lists':
      return { priceListId: isWrite ? 'listChurn' : 'priceListId' };
    case 'invoices':
      return { kind: 'document' };
    case 'rate-card-documents':
      return { token: 'rateCardToken' };
    case 'invoice-downloads':
      return { token: 'downloadToken' };
    default:
      return undefined;
  }
}

const TAGS = new Set(['billing accounts', 'invoices', 'charges', 'prices', 'webhooks']);
const FILTER =
  "OfferDurableId eq 'MS-AZR-0003P' and Currency eq 'USD' and Locale eq 'en-US' and RegionInfo eq 'US'";
const HOURS = ['2026-09-20T10:00:00Z', '2026-09-20T11:00:00Z', '2026-10-01T00:00:00Z'] as const;
const DAYS = ['2026-09-01', '2026-09-20', '2026-10-20', '2026-12-01'] as const;
const FAR = '2999-01-01T00:00:00Z';

/** What bodies and queries of billing hold. */
export function billingHints(
  random: SeededRandom,
  { knowledge }: World,
  operation: ApiOperation,
): Readonly<Record<string, Hint>> {
  const { path, tag } = operation;
  const windows = path.startsWith('/api/v1/billed-usage');
  if (windows) return { from: () => '2026-09-20T00Z', to: () => '2026-10-21T00Z' };
  if (path.includes('Microsoft.Billing/invoices')) {
    return {
      $filter: () => "invoicePeriodEndDate ge '2026-01-01'",
      $expand: () => 'downloadUrl',
    };
  }
  if (!TAGS.has(tag)) return {};
  const known = (kind: string): string | undefined => knowledge.pick(random, kind);
  const rarely = (value: unknown, chance = 0.2): unknown =>
    random.next() < chance ? value : LEFT_OUT;
  return {
    account: () => known(path.includes('webhook') ? 'seller' : 'billingAccount'),
    accountId: () => known(path.includes('webhook') ? 'seller' : 'buyer'),
    parent: () => known('seller'),
    book: () => known('seller'),
    party: () => known('buyer'),
    period: () => known('billingPeriod'),
    $skiptoken: () => known('$skiptoken'),
    ...accountHints(random, knowledge, rarely),
    ...priceHints(random, knowledge, operation, rarely),
    ...moneyHints(random, knowledge, operation, rarely),
    ...webhookHints(knowledge, random, rarely),
  };
}

type Rarely = (value: unknown, chance?: number) => unknown;

function accountHints(
  random: SeededRandom,
  knowledge: Knowledge,
  rarely: Rarely,
): Record<string, Hint> {
  const known = (kind: string): string | undefined => knowledge.pick(random, kind);
  return {
    // A customer needs a subscription that has no account yet.
    parentId: () => rarely(known('billingAccount'), 0.4),
    subscriptionId: () => rarely(known('account')),
    name: () => random.pick(['one', 'Größe 2', 'Woodgrove']),
    country: () => random.pick(['FR', 'de', 'US', null]),
    email: () => random.pick(['bills@tenant.example', null, '']),
    seriesPrefix: () => random.pick(['ONE', 'TWO', 'three']),
    iban: () => random.pick(['FR7630006000011234567890189', null]),
    bic: () => random.pick(['AGRIFRPP', null]),
    currency: () => random.pick(['USD', 'EUR', 'JPY']),
    timeZone: () => random.pick(['UTC', 'Europe/Paris', 'Asia/Kolkata']),
    taxExemption: () => rarely('An authority'),
    markupPercent: (_name, { priceListId }) => (priceListId === undefined ? '12.5' : LEFT_OUT),
    priceListId: () => known('priceListId'),
    effectiveFrom: () => random.pick([LEFT_OUT, FAR, '2026-10-01T00:00:00Z']),
    effectiveTo: () => rarely(FAR),
    correctPast: () => random.next() < 0.1,
    definition: () =>
      random.pick<unknown>([
        { kind: 'fee', amount: '10', per: 'account', prorated: true },
        { kind: 'discount', percent: '5', recurrence: 'recurring', per: 'account' },
        { kind: 'discount', amount: '1', recurrence: 'once', per: 'subscription' },
        { kind: 'credit', amount: '3.5' },
        { kind: 'commitment', amount: '100' },
      ]),
  };
}

function priceHints(
  random: SeededRandom,
  knowledge: Knowledge,
  { path }: ApiOperation,
  rarely: Rarely,
): Record<string, Hint> {
  const isCard = path.endsWith('/RateCard');
  const isQuote = path.endsWith('/quotes');
  const isRates = path.endsWith('/exchange-rates');
  const content = {
    name: 'generated',
    currency: 'USD',
    items: [
      { meterId: METERS.baseVm, price: randomPrice(random), scope: 'subscription' },
      { meterId: METERS.windowsVm, price: randomPrice(random), minimum: '1', maximum: '1000' },
    ],
  };
  return {
    content: () => (isQuote ? rarely(content) : content),
    ...(isQuote && {
      // Either a list or what would stand in one.
      priceListId: () => 'wire',
      version: () => rarely(1),
      at: () => rarely(HOURS[0]),
    }),
    'usage[]': () => ({ meterId: METERS.baseVm, quantity: random.pick(['1', '-2.5', '1e3']) }),
    note: () => 'generated',
    ...(isCard && { $filter: () => FILTER }),
    ...(isRates && {
      from: () => random.pick(['USD', 'EUR', 'chf']),
      to: () => random.pick(['CHF', 'JPY']),
    }),
    day: () => random.pick(DAYS),
    rate: () => random.pick(['1', '0.9213', '169.000001']),
    sellerCountry: () => random.pick(['*', 'NZ']),
    buyerCountry: () => random.pick(['NZ', 'AU']),
    category: () => 'S',
    percent: () => random.pick(['15', '7.7']),
    version: () => rarely(knowledge.pick(random, 'version')),
  };
}

function randomPrice(random: SeededRandom): object {
  const unitPrice = random.pick(['0.05', '0', '123.4567890123']);
  return random.pick<object>([
    { kind: 'flat', unitPrice },
    { kind: 'graduated', tiers: [{ upTo: '10', unitPrice }, { unitPrice: '0.01' }] },
    { kind: 'volume', tiers: [{ upTo: '0.5', unitPrice, fixed: '1' }, { unitPrice }] },
    { kind: 'package', size: '7', packagePrice: unitPrice },
    { kind: 'stairstep', steps: [{ upTo: '10', amount: '1' }, { amount: '2' }] },
    { kind: 'percentage', percent: '2.5' },
  ]);
}

function moneyHints(
  random: SeededRandom,
  knowledge: Knowledge,
  { path }: ApiOperation,
  rarely: Rarely,
): Record<string, Hint> {
  const known = (kind: string): string | undefined => knowledge.pick(random, kind);
  const isHours = path.includes('/rating/');
  const [from, to] = isHours ? [HOURS[0], HOURS[2]] : [DAYS[0], DAYS[3]];
  return {
    ...(!path.endsWith('/exchange-rates') && { from: () => from, to: () => to }),
    reference: () => random.pick([known('number'), `transfer ${random.between(0, 200)}`]),
    amount: () => random.pick(['1', '0.01', '1000000', '0.001']),
    receivedOn: () => random.pick(DAYS),
    reverses: () => rarely(known('paymentId')),
    allocations: () => rarely([{ number: known('number'), amount: '0.01' }]),
    reason: () => 'generated',
    resource: () => known('resourceKey') ?? 'vm1',
    after: () => rarely(known('resourceKey')),
    ...(path.endsWith('/payments') && { currency: () => rarely('USD') }),
  };
}

function webhookHints(
  knowledge: Knowledge,
  random: SeededRandom,
  rarely: Rarely,
): Record<string, Hint> {
  return {
    // Nobody listens there.
    url: () => random.pick(['https://127.0.0.1:9/hook', 'https://127.0.0.1:9/?a=b']),
    ca: () => rarely(null),
    messageId: () => rarely(knowledge.pick(random, 'messageId'), 0.5),
    since: (_name, { messageId }) => (messageId === undefined ? rarely(HOURS[0], 0.5) : LEFT_OUT),
    dead: (_name, { messageId, since }) =>
      messageId === undefined && since === undefined ? true : LEFT_OUT,
  };
}
