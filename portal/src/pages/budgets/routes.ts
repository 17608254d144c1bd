import { may, type Area, type AreaRoute, type Viewer } from '../../app/area.ts';

export const titles: Area['titles'] = {
  en: { 'budgets.nav': 'Budgets', 'budgets.nav.new': 'New budget', 'budgets.nav.edit': 'Change' },
  fr: {
    'budgets.nav': 'Budgets',
    'budgets.nav.new': 'Nouveau budget',
    'budgets.nav.edit': 'Modifier',
  },
};

export const messages: Area['messages'] = async () => {
  const { en, fr } = await import('./messages.ts');
  return { en, fr };
};

const isVisible =
  (verb: 'read' | 'write') =>
  (viewer: Viewer): boolean =>
    viewer.settings.wings.includes('commerce') &&
    may(viewer, `Microsoft.Consumption/budgets/${verb}`);

export const routes: readonly AreaRoute[] = [
  {
    path: '/budgets',
    load: () => import('./budgets-page.tsx'),
    visible: isVisible('read'),
    title: 'budgets.nav',
    section: 'analysis',
  },
  {
    path: '/budgets/$budget',
    load: () => import('./budget-page.tsx'),
    visible: isVisible('read'),
    title: 'budgets.nav',
  },
  {
    // Not below /budgets/, where a budget may be called anything.
    path: '/new-budget',
    load: () => import('./new-budget-page.tsx'),
    visible: isVisible('write'),
    title: 'budgets.nav.new',
  },
  {
    path: '/budgets/$budget/edit',
    load: () => import('./edit-budget-page.tsx'),
    visible: isVisible('write'),
    title: 'budgets.nav.edit',
  },
];
