import {
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  retainSearchParams,
  useLocation,
} from '@tanstack/react-router';
import { lazy, Suspense, type ReactNode } from 'react';
import { Loading } from '../components/loading.tsx';
import { MoreTexts, useSay } from '../i18n/language.tsx';
import { parseSearch, stringifySearch, textOf } from './address.ts';
import type { Area, AreaRoute, SearchTexts } from './area.ts';
import { areas } from './areas.ts';
import { NotFound } from './not-found.tsx';
import { PageFailure } from './page-failure.tsx';
import { Shell } from './shell.tsx';
import { useViewer } from './viewer.tsx';

const root = createRootRoute({
  validateSearch: (search: SearchTexts): { account?: string } => {
    const account = textOf(search, 'account');
    return account === undefined ? {} : { account };
  },
  // The chosen account goes along to the next page.
  search: { middlewares: [retainSearchParams(['account'])] },
  component: () => (
    <Shell>
      <Outlet />
    </Shell>
  ),
  notFoundComponent: NotFound,
  errorComponent: PageFailure,
});

/** Loads a page together with the texts of its area. */
function pageOf(area: Area, route: AreaRoute): () => ReactNode {
  const Page = lazy(async () => {
    const [{ default: Loaded }, texts] = await Promise.all([route.load(), area.messages()]);
    return {
      default: () => (
        <MoreTexts texts={texts}>
          <Loaded />
        </MoreTexts>
      ),
    };
  });
  return function AreaPage(): ReactNode {
    const viewer = useViewer();
    const say = useSay();
    const { pathname } = useLocation();
    if (!route.visible(viewer)) return <NotFound />;
    return (
      <Suspense fallback={<Loading label={say('common.loadingPage')} />}>
        {/* Another address is another page: it begins anew, and its heading is told. */}
        <Page key={pathname} />
      </Suspense>
    );
  };
}

function routeOf(area: Area, route: AreaRoute) {
  const { validateSearch } = route;
  return createRoute({
    getParentRoute: () => root,
    path: route.path,
    component: pageOf(area, route),
    errorComponent: PageFailure,
    ...(validateSearch !== undefined && {
      validateSearch: (search: SearchTexts): object => validateSearch(search),
    }),
  });
}

export const router = createRouter({
  routeTree: root.addChildren(
    areas.flatMap((area) => area.routes.map((route) => routeOf(area, route))),
  ),
  basepath: '/portal',
  parseSearch,
  stringifySearch,
  scrollRestoration: true,
  defaultNotFoundComponent: NotFound,
});
