import type { Area, AreaRoute } from '../../app/area.ts';
import { readOverviewSearch } from './search.ts';

export const titles: Area['titles'] = {
  en: { 'overview.nav': 'Overview' },
  fr: { 'overview.nav': 'Vue d’ensemble' },
};

export const messages: Area['messages'] = async () => {
  const { en, fr } = await import('./messages.ts');
  return { en, fr };
};

export const routes: readonly AreaRoute[] = [
  {
    path: '/',
    load: () => import('./overview-page.tsx'),
    validateSearch: readOverviewSearch,
    visible: () => true,
    title: 'overview.nav',
    section: 'home',
  },
];
