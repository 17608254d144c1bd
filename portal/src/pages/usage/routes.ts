import { may, type Area, type AreaRoute } from '../../app/area.ts';
import { readAnalysisSearch } from '../analysis/search.ts';

export const titles: Area['titles'] = {
  en: { 'usage.nav': 'Usage' },
  fr: { 'usage.nav': 'Utilisation' },
};

export const messages: Area['messages'] = async () => {
  const { en, fr } = await import('./messages.ts');
  return { en, fr };
};

export const routes: readonly AreaRoute[] = [
  {
    path: '/usage',
    load: () => import('./usage-page.tsx'),
    validateSearch: readAnalysisSearch,
    visible: (viewer) =>
      viewer.settings.wings.includes('stamp') &&
      may(viewer, 'Microsoft.Commerce/usageAggregates/read'),
    title: 'usage.nav',
    section: 'analysis',
  },
];
