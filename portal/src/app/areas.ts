import type { Language } from '../i18n/languages.ts';
import * as budgets from '../pages/budgets/routes.ts';
import * as cost from '../pages/cost/routes.ts';
import * as exports from '../pages/exports/routes.ts';
import * as invoices from '../pages/invoices/routes.ts';
import * as operator from '../pages/operator/routes.ts';
import * as overview from '../pages/overview/routes.ts';
import * as usage from '../pages/usage/routes.ts';
import type { Area, Texts } from './area.ts';
import { common } from './messages.ts';

/** All areas, in the order in which the navigation has them. */
export const areas: readonly Area[] = [overview, usage, cost, budgets, invoices, exports, operator];

/** Texts that are there from the beginning: what is common to all pages, and their titles. */
export const firstTexts: Readonly<Record<Language, Texts>> = {
  en: textsOf('en'),
  fr: textsOf('fr'),
};

function textsOf(language: Language): Texts {
  const titles = areas.map((area) => area.titles[language]);
  return titles.reduce((all, some) => ({ ...all, ...some }), common[language]);
}
