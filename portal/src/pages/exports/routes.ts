import { may, type Area, type AreaRoute, type Viewer } from '../../app/area.ts';

export const titles: Area['titles'] = {
  en: {
    'exports.nav': 'Exports',
    'exports.nav.new': 'New export',
    'exports.nav.run': 'Run',
    'adapters.nav': 'Billing adapters',
  },
  fr: {
    'exports.nav': 'Exports',
    'exports.nav.new': 'Nouvel export',
    'exports.nav.run': 'Exécution',
    'adapters.nav': 'Adaptateurs de facturation',
  },
};

export const messages: Area['messages'] = async () => {
  const { en, fr } = await import('./messages.ts');
  return { en, fr };
};

const canExport =
  (verb: 'read' | 'write') =>
  (viewer: Viewer): boolean =>
    viewer.settings.wings.includes('commerce') &&
    may(viewer, `Microsoft.CostManagement/exports/${verb}`);

const canAdapt = (viewer: Viewer): boolean =>
  viewer.settings.wings.includes('commerce') && may(viewer, 'Stackmeter.Billing/adapters/read');

export const routes: readonly AreaRoute[] = [
  {
    path: '/exports',
    load: () => import('./exports-page.tsx'),
    visible: canExport('read'),
    title: 'exports.nav',
    section: 'data',
  },
  {
    path: '/new-export',
    load: () => import('./new-export-page.tsx'),
    visible: canExport('write'),
    title: 'exports.nav.new',
  },
  {
    path: '/exports/$export',
    load: () => import('./export-page.tsx'),
    visible: canExport('read'),
    title: 'exports.nav',
  },
  {
    path: '/exports/$export/runs/$run',
    load: () => import('./run-page.tsx'),
    visible: canExport('read'),
    title: 'exports.nav.run',
  },
  {
    path: '/adapters',
    load: () => import('./adapters/adapters-page.tsx'),
    visible: canAdapt,
    title: 'adapters.nav',
    section: 'data',
  },
  {
    path: '/adapters/$adapter',
    load: () => import('./adapters/adapter-page.tsx'),
    visible: canAdapt,
    title: 'adapters.nav',
  },
];
