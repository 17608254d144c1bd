import { textOf } from '../../app/address.ts';
import { mayEverywhere, type Area, type AreaRoute, type Viewer } from '../../app/area.ts';
import { titles as allTitles } from './titles.ts';

export const titles: Area['titles'] = allTitles;

export const messages: Area['messages'] = async () => {
  const { en, fr } = await import('./messages/index.ts');
  return { en, fr };
};

/** Reads these names from the address, each a text. */
function texts(...names: readonly string[]): NonNullable<AreaRoute['validateSearch']> {
  return (search) =>
    Object.fromEntries(
      names.flatMap((name) => {
        const text = textOf(search, name);
        return text === undefined ? [] : [[name, text]];
      }),
    );
}

function runs(viewer: Viewer, wing: 'stamp' | 'commerce'): boolean {
  return viewer.settings.wings.includes(wing);
}

/** For those who may do this everywhere, where the server runs the part that it is about. */
function everywhere(wing: 'stamp' | 'commerce', ...actions: readonly string[]) {
  return (viewer: Viewer): boolean =>
    runs(viewer, wing) && actions.every((action) => mayEverywhere(viewer, action));
}

/** Those who run the stamp, and delegated providers; an owner of a subscription has no directory below it. */
const seesDirectory = (viewer: Viewer): boolean =>
  runs(viewer, 'stamp') &&
  (mayEverywhere(viewer, 'Microsoft.Subscriptions.Admin/read') ||
    viewer.caller.grants.some(({ role }) => role === 'DelegatedProvider'));
const seesQuarantine = everywhere('stamp', 'Stackmeter.Metering/quarantine/read');
const seesPrices = everywhere('commerce', 'Stackmeter.Billing/prices/read');
const seesPrincipals = (viewer: Viewer): boolean =>
  mayEverywhere(viewer, 'Stackmeter.Identity/principals/read');
const seesWebhooks = everywhere('commerce', 'Stackmeter.Billing/webhooks/read');
const seesRegistrations = everywhere(
  'commerce',
  'Microsoft.AzureStack/registrations/read',
  'Stackmeter.Commerce/subscriptions/read',
);
/** Accounts that sell are seen by those who run commerce; a buyer has its own under billing. */
const seesAccounts = everywhere('commerce', 'Stackmeter.Billing/accounts/read');

const stamp: readonly AreaRoute[] = [
  {
    path: '/subscriptions',
    load: () => import('./stamp/subscriptions-page.tsx'),
    validateSearch: texts('state', 'tenant', 'offer', 'owner'),
    visible: seesDirectory,
    title: 'op.subscriptions.nav',
    section: 'stamp',
  },
  {
    path: '/subscriptions/$id',
    load: () => import('./stamp/subscription-page.tsx'),
    visible: seesDirectory,
    title: 'op.subscription.nav',
  },
  {
    path: '/tenants',
    load: () => import('./stamp/tenants-page.tsx'),
    visible: seesDirectory,
    title: 'op.tenants.nav',
    section: 'stamp',
  },
  {
    path: '/emitters',
    load: () => import('./stamp/emitters-page.tsx'),
    validateSearch: texts('show', 'hours'),
    visible: everywhere(
      'stamp',
      'Stackmeter.Metering/windows/read',
      'Stackmeter.Identity/principals/read',
    ),
    title: 'op.emitters.nav',
    section: 'stamp',
  },
  {
    path: '/quarantine',
    load: () => import('./stamp/quarantine-page.tsx'),
    validateSearch: texts('state', 'code'),
    visible: seesQuarantine,
    title: 'op.quarantine.nav',
    section: 'stamp',
  },
  {
    path: '/quarantine/$id',
    load: () => import('./stamp/quarantined-page.tsx'),
    visible: seesQuarantine,
    title: 'op.quarantined.nav',
  },
  {
    path: '/windows',
    load: () => import('./stamp/windows-page.tsx'),
    validateSearch: texts('granularity', 'from', 'to'),
    visible: everywhere('stamp', 'Stackmeter.Metering/windows/read'),
    title: 'op.windows.nav',
    section: 'stamp',
  },
  {
    path: '/bridge',
    load: () => import('./stamp/bridge-page.tsx'),
    validateSearch: texts('from', 'to'),
    visible: everywhere('stamp', 'Microsoft.AzureBridge.Admin/activations/read'),
    title: 'op.bridge.nav',
    section: 'stamp',
  },
  {
    path: '/reconciliation',
    load: () => import('./stamp/reconciliation-page.tsx'),
    validateSearch: texts('period', 'from', 'to', 'by'),
    visible: everywhere('stamp', 'Stackmeter.Metering/reconciliation/read'),
    title: 'op.reconciliation.nav',
    section: 'stamp',
  },
];

const commerce: readonly AreaRoute[] = [
  {
    path: '/registrations',
    load: () => import('./commerce/registrations-page.tsx'),
    visible: seesRegistrations,
    title: 'op.registrations.nav',
    section: 'commerce',
  },
  {
    path: '/registrations/$subscription/$group/$name',
    load: () => import('./commerce/registration-page.tsx'),
    visible: seesRegistrations,
    title: 'op.registration.nav',
  },
  {
    path: '/registrations/$subscription/$group/$name/map',
    load: () => import('./commerce/map-page.tsx'),
    validateSearch: texts('customer', 'tenant', 'shared'),
    visible: everywhere(
      'commerce',
      'Microsoft.AzureStack/registrations/customerSubscriptions/write',
    ),
    title: 'op.mapping.new',
  },
  {
    path: '/accounts',
    load: () => import('./commerce/accounts-page.tsx'),
    validateSearch: texts('kind', 'search'),
    visible: seesAccounts,
    title: 'op.accounts.nav',
    section: 'commerce',
  },
  {
    path: '/accounts/$id',
    load: () => import('./commerce/account-page.tsx'),
    visible: seesAccounts,
    title: 'op.account.nav',
  },
  {
    path: '/price-lists',
    load: () => import('./commerce/price-lists-page.tsx'),
    visible: seesPrices,
    title: 'op.priceLists.nav',
    section: 'commerce',
  },
  {
    path: '/price-lists/$id',
    load: () => import('./commerce/price-list-page.tsx'),
    validateSearch: texts('version', 'compare'),
    visible: seesPrices,
    title: 'op.priceList.nav',
  },
  {
    path: '/what-if',
    load: () => import('./commerce/what-if-page.tsx'),
    validateSearch: texts('period', 'buyer', 'list', 'version'),
    visible: everywhere(
      'commerce',
      'Stackmeter.Billing/charges/read',
      'Stackmeter.Billing/prices/read',
    ),
    title: 'op.whatIf.nav',
    section: 'commerce',
  },
  {
    path: '/exchange-rates',
    load: () => import('./commerce/exchange-rates-page.tsx'),
    visible: seesPrices,
    title: 'op.exchangeRates.nav',
    section: 'commerce',
  },
  {
    path: '/tax-rates',
    load: () => import('./commerce/tax-rates-page.tsx'),
    visible: seesPrices,
    title: 'op.taxRates.nav',
    section: 'commerce',
  },
  {
    path: '/rating',
    load: () => import('./commerce/rating-page.tsx'),
    validateSearch: texts('buyer', 'period'),
    visible: everywhere('commerce', 'Stackmeter.Billing/charges/read'),
    title: 'op.rating.nav',
    section: 'commerce',
  },
  {
    path: '/ledger',
    load: () => import('./commerce/ledger-page.tsx'),
    validateSearch: texts('book', 'party', 'reference'),
    visible: everywhere('commerce', 'Stackmeter.Billing/ledger/read'),
    title: 'op.ledger.nav',
    section: 'commerce',
  },
  {
    path: '/payment-entry',
    load: () => import('./commerce/payment-entry-page.tsx'),
    validateSearch: texts('payer'),
    visible: everywhere('commerce', 'Stackmeter.Billing/payments/read'),
    title: 'op.payments.nav',
    section: 'commerce',
  },
];

const administration: readonly AreaRoute[] = [
  {
    path: '/principals',
    load: () => import('./administration/principals-page.tsx'),
    validateSearch: texts('kind', 'search'),
    visible: seesPrincipals,
    title: 'op.principals.nav',
    section: 'administration',
  },
  {
    path: '/principals/$id',
    load: () => import('./administration/principal-page.tsx'),
    visible: seesPrincipals,
    title: 'op.principal.nav',
  },
  {
    path: '/webhooks',
    load: () => import('./commerce/webhooks-page.tsx'),
    validateSearch: texts('of'),
    visible: seesWebhooks,
    title: 'op.webhooks.nav',
    section: 'administration',
  },
  {
    path: '/webhooks/$id',
    load: () => import('./commerce/webhook-page.tsx'),
    validateSearch: texts('state'),
    visible: seesWebhooks,
    title: 'op.webhook.nav',
  },
  {
    path: '/mail',
    load: () => import('./commerce/mail-page.tsx'),
    validateSearch: texts('state', 'of'),
    visible: seesWebhooks,
    title: 'op.mail.nav',
    section: 'administration',
  },
  {
    path: '/audit',
    load: () => import('./administration/audit-page.tsx'),
    validateSearch: texts('target', 'order'),
    visible: (viewer) => mayEverywhere(viewer, 'Stackmeter.Audit/events/read'),
    title: 'op.audit.nav',
    section: 'administration',
  },
];

export const routes: readonly AreaRoute[] = [...stamp, ...commerce, ...administration];
