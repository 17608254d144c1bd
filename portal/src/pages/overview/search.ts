import { textOf, wordOf } from '../../app/address.ts';
import type { SearchTexts } from '../../app/area.ts';

export const views = ['buying', 'selling'] as const;

export interface OverviewSearch {
  readonly view?: (typeof views)[number] | undefined;
  readonly currency?: string | undefined;
}

export function readOverviewSearch(search: SearchTexts): OverviewSearch {
  return { view: wordOf(search, 'view', views), currency: textOf(search, 'currency') };
}
