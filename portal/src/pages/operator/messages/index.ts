import * as administration from './administration.ts';
import * as billing from './billing.ts';
import * as commerce from './commerce.ts';
import * as reporting from './reporting.ts';
import * as stamp from './stamp.ts';
import * as words from './words.ts';

export const en = {
  ...words.en,
  ...stamp.en,
  ...reporting.en,
  ...commerce.en,
  ...billing.en,
  ...administration.en,
};

export const fr: Record<keyof typeof en, string> = {
  ...words.fr,
  ...stamp.fr,
  ...reporting.fr,
  ...commerce.fr,
  ...billing.fr,
  ...administration.fr,
};
