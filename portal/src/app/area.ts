import type { ComponentType } from 'react';
import type { Caller } from '../api/types/me.ts';
import type { Settings } from '../auth/settings.ts';
import type { Language } from '../i18n/languages.ts';

/** Texts of one language by message id. */
export type Texts = Readonly<Record<string, string>>;

/** What is known when it is decided what somebody sees. */
export interface Viewer {
  readonly caller: Caller;
  readonly settings: Settings;
}

/** Headings of the navigation, in this order. */
export const sections = [
  'home',
  'analysis',
  'billing',
  'data',
  'stamp',
  'commerce',
  'administration',
] as const;
export type Section = (typeof sections)[number];

/** One page, and the address at which it is shown. */
export interface AreaRoute {
  /** Below /portal, with `$name` for its parameters: `/invoices/$number`. */
  readonly path: string;
  /** The page is the default export of its file, so that it can be loaded when it is first wanted. */
  readonly load: () => Promise<{ readonly default: ComponentType }>;
  /**
   * Reads what the address says after `?`: a text by name, or several. What is not understood is left out;
   * absent: nothing is read.
   */
  readonly validateSearch?: (search: SearchTexts) => object;
  /** To others the page looks as if it were not there. */
  readonly visible: (viewer: Viewer) => boolean;
  /** Message id, one of the area's titles; it names the page in the navigation and the window. */
  readonly title: string;
  /** Under which heading the navigation has it; absent: it is reached from another page. */
  readonly section?: Section;
}

/** What an address says after `?`. */
export type SearchTexts = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What `pages/<area>/routes.ts` exports. */
export interface Area {
  readonly routes: readonly AreaRoute[];
  /** Titles of the routes. Small, and loaded at once, since the navigation shows them. */
  readonly titles: Readonly<Record<Language, Texts>>;
  /** All other texts, loaded with the first page of the area. */
  readonly messages: () => Promise<Readonly<Record<Language, Texts>>>;
}

/** Whether somebody may do this anywhere at all. */
export function may({ caller }: Viewer, action: string): boolean {
  return caller.anywhere.includes(action);
}

/** Whether somebody may do this everywhere: those who run the cloud. */
export function mayEverywhere({ caller }: Viewer, action: string): boolean {
  return caller.actions.includes(action);
}
