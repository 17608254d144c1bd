import { sections, type AreaRoute, type Section, type Viewer } from './area.ts';
import { areas } from './areas.ts';

export interface NavigationSection {
  readonly section: Section;
  readonly routes: readonly AreaRoute[];
}

/** What the navigation offers to somebody: only what they may use, and no empty heading. */
export function navigationFor(viewer: Viewer): readonly NavigationSection[] {
  const shown = areas.flatMap(({ routes }) => routes).filter(({ visible }) => visible(viewer));
  return sections
    .map((section) => ({ section, routes: shown.filter((route) => route.section === section) }))
    .filter(({ routes }) => routes.length > 0);
}
