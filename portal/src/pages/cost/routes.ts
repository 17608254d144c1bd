import { may, type Area, type AreaRoute } from '../../app/area.ts';
import { readAnalysisSearch } from '../analysis/search.ts';

export const titles: Area['titles'] = {
  en: { 'cost.nav': 'Cost' },
  fr: { 'cost.nav': 'Coûts' },
};

export const messages: Area['messages'] = async () => {
  const { en, fr } = await import('./messages.ts');
  return { en, fr };
};

export const routes: readonly AreaRoute[] = [
  {
    path: '/cost',
    load: () => import('./cost-page.tsx'),
    validateSearch: readAnalysisSearch,
    visible: (viewer) =>
      viewer.settings.wings.includes('commerce') && may(viewer, 'Stackmeter.Billing/charges/read'),
    title: 'cost.nav',
    section: 'analysis',
  },
];
