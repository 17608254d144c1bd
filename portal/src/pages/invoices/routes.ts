import { may, type Area, type AreaRoute, type Viewer } from '../../app/area.ts';
import { readExplanationSearch, readListSearch, readStatementSearch } from './search.ts';

const seesInvoices = (viewer: Viewer): boolean =>
  viewer.settings.wings.includes('commerce') && may(viewer, 'Stackmeter.Billing/invoices/read');
const seesPayments = (viewer: Viewer): boolean =>
  viewer.settings.wings.includes('commerce') && may(viewer, 'Stackmeter.Billing/payments/read');

export const titles: Area['titles'] = {
  en: {
    'invoices.nav': 'Invoices',
    'invoices.nav.one': 'Invoice',
    'invoices.nav.line': 'Line of an invoice',
    'invoices.nav.periods': 'Periods and drafts',
    'invoices.nav.draft': 'Draft',
    'invoices.nav.payments': 'Payments and statement',
  },
  fr: {
    'invoices.nav': 'Factures',
    'invoices.nav.one': 'Facture',
    'invoices.nav.line': 'Ligne de facture',
    'invoices.nav.periods': 'Périodes et projets',
    'invoices.nav.draft': 'Projet de facture',
    'invoices.nav.payments': 'Paiements et relevé',
  },
};

export const messages: Area['messages'] = async () => {
  const { en, fr } = await import('./messages.ts');
  return { en, fr };
};

export const routes: readonly AreaRoute[] = [
  {
    path: '/invoices',
    load: () => import('./list-page.tsx'),
    validateSearch: readListSearch,
    visible: seesInvoices,
    title: 'invoices.nav',
    section: 'billing',
  },
  {
    path: '/invoices/$number',
    load: () => import('./invoice-page.tsx'),
    visible: seesInvoices,
    title: 'invoices.nav.one',
  },
  {
    path: '/invoices/$number/lines/$line',
    load: () => import('./explanation-page.tsx'),
    validateSearch: readExplanationSearch,
    visible: seesInvoices,
    title: 'invoices.nav.line',
  },
  {
    path: '/periods',
    load: () => import('./periods-page.tsx'),
    visible: seesInvoices,
    title: 'invoices.nav.periods',
    section: 'billing',
  },
  {
    path: '/periods/$period',
    load: () => import('./draft-page.tsx'),
    visible: seesInvoices,
    title: 'invoices.nav.draft',
  },
  {
    path: '/payments',
    load: () => import('./payments-page.tsx'),
    validateSearch: readStatementSearch,
    visible: seesPayments,
    title: 'invoices.nav.payments',
    section: 'billing',
  },
];
