import { parseCurrency } from '../../../kernel/index.ts';
import type { Rule } from './rule.ts';

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
/** Two letters that the language's tables name without their being countries of ISO 3166-1. */
const noCountries: ReadonlySet<string> = new Set(
  'AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ'.split(' '),
);

/** Whether the text is the code of a country in ISO 3166-1, or XK, which the standard adds. */
export function isCountry(text: string): boolean {
  return /^[A-Z]{2}$/.test(text) && !noCountries.has(text) && regions.of(text) !== undefined;
}

const typeCodes: ReadonlySet<string> = new Set(['380', '381', '383']);
const categories: ReadonlySet<string> = new Set(['S', 'Z', 'E', 'AE', 'G', 'O']);
const means: ReadonlySet<string> = new Set(['30', '58']);
const reasonCodes: ReadonlySet<string> = new Set(['VATEX-EU-AE', 'VATEX-EU-G', 'VATEX-EU-O']);
const units: ReadonlySet<string> = new Set(['C62', 'E34', 'MIN', 'HUR', 'DAY', 'MON', 'ANN']);

/** Codes are of the lists that the standard names; of each list, only what we use is taken. */
export const codeRules: readonly Rule[] = [
  {
    id: 'BR-CL-01',
    says: 'The type (BT-3) is a code of UNTDID 1001: 380, 381 or 383.',
    holds: ({ typeCode }) => isOf(typeCodes, typeCode),
  },
  {
    id: 'BR-CL-03',
    says: 'Each amount is in the currency of the invoice.',
    holds: ({ currency, amountCurrencies }) =>
      [...amountCurrencies].every((one) => one === currency),
  },
  {
    id: 'BR-CL-04',
    says: 'The currency (BT-5) is a code of ISO 4217.',
    holds: ({ currency }) =>
      currency === undefined ||
      (/^[A-Z]{3}$/.test(currency) && parseCurrency(currency) !== undefined),
  },
  {
    id: 'BR-CL-14',
    says: 'Countries (BT-40, BT-55) are codes of ISO 3166-1.',
    holds: ({ seller, buyer }) =>
      [seller.country, buyer.country].every((code) => code === undefined || isCountry(code)),
  },
  {
    id: 'BR-CL-16',
    says: 'The means of payment (BT-81) is a code of UNTDID 4461: 30 or 58.',
    holds: ({ payments }) => payments.every(({ code }) => isOf(means, code)),
  },
  {
    id: 'BR-CL-17',
    says: 'Categories of the breakdown (BT-118) are codes of UNTDID 5305: S, Z, E, AE, G or O.',
    holds: ({ taxes }) => taxes.every(({ category }) => isOf(categories, category)),
  },
  {
    id: 'BR-CL-18',
    says: 'Categories of lines (BT-151) are codes of UNTDID 5305: S, Z, E, AE, G or O.',
    holds: ({ lines }) => lines.every(({ category }) => isOf(categories, category)),
  },
  {
    id: 'BR-CL-22',
    says: 'Reasons for not taxing (BT-121) are codes of VATEX: VATEX-EU-AE, VATEX-EU-G or VATEX-EU-O.',
    holds: ({ taxes }) => taxes.every(({ reasonCode }) => isOf(reasonCodes, reasonCode)),
  },
  {
    id: 'BR-CL-23',
    says: 'Units (BT-130) are codes of UN/ECE Recommendation 20: C62, E34, MIN, HUR, DAY, MON or ANN.',
    holds: ({ lines }) => lines.every(({ unitCode }) => isOf(units, unitCode)),
  },
  {
    id: 'BR-CL-25',
    says: 'The scheme of an electronic address (BT-34, BT-49) is EM, a mail address.',
    holds: ({ seller, buyer }) =>
      [seller, buyer].every(({ endpointScheme }) => (endpointScheme ?? 'EM') === 'EM'),
  },
];

/** What is missing breaks another rule. */
function isOf(codes: ReadonlySet<string>, code: string | undefined): boolean {
  return code === undefined || codes.has(code);
}
