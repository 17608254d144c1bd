import { may, type Area, type AreaRoute, type Viewer } from '../../app/area.ts';

export const titles: Area['titles'] = {
  en: {
    'exports.nav': 'Exports',
    'exports.nav.new': 'New export',
    'exports.nav.run': 'Run',
    'exports.nav.edit': 'Change',
    'adapters.nav': 'Billing adapters',
    'adapters.nav.new': 'New adapter',
  },
  fr: {
    'exports.nav': 'Exports',
    'exports.nav.new': 'Nouvel export',
    'exports.nav.run': 'Exécution',
    'exports.nav.edit': 'Modifier',
    'adapters.nav': 'Adaptateurs de facturation',
    'adapters.nav.new': 'Nouvel adaptateur',
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

const canAdapt =
  (verb: 'read' | 'write') =>
  (viewer: Viewer): boolean =>
    viewer.settings.wings.includes('commerce') &&
    may(viewer, `Stackmeter.Billing/adapters/${verb}`);

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
    path: '/exports/$export/edit',
    load: () => import('./edit-export-page.tsx'),
    visible: canExport('write'),
    title: 'exports.nav.edit',
  },
  {
    path: '/new-adapter',
    load: () => import('./adapters/new-adapter-page.tsx'),
    visible: canAdapt('write'),
    title: 'adapters.nav.new',
  },
  {
    path: '/adapters/$adapter/edit',
    load: () => import('./adapters/edit-adapter-page.tsx'),
    visible: canAdapt('write'),
    title: 'exports.nav.edit',
  },
  {
    path: '/adapters',
    load: () => import('./adapters/adapters-page.tsx'),
    visible: canAdapt('read'),
    title: 'adapters.nav',
    section: 'data',
  },
  {
    path: '/adapters/$adapter',
    load: () => import('./adapters/adapter-page.tsx'),
    visible: canAdapt('read'),
    title: 'adapters.nav',
  },
];
