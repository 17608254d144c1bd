/** The four terms of the filter of a rate card, as the caller spelled their values. */
export interface RateCardFilter {
  readonly offerDurableId: string;
  readonly currency: string;
  readonly locale: string;
  readonly regionInfo: string;
}

const TERM = /^\s*(\w+)\s+eq\s+'((?:[^']|'')*)'/i;
const AND = /^\s+and(?=\s)/i;

const OFFER = /^MS-AZR-\d{4}P(?:-\d{4}P)*$/i;
const CURRENCY = /^[a-z]{3}$/i;
const LOCALE = /^[a-z]{2,3}(?:-[a-z]{4})?-[a-z]{2}$/i;
const REGION = /^[a-z]{2}$/i;

/**
 * Reads a filter: each of the four terms once, in any order, joined by `and`, names and operators in any case. Undefined
 * for anything else; callers are not told which term was wrong, as the original does not tell either.
 */
export function parseRateCardFilter(text: string): RateCardFilter | undefined {
  const terms = readTerms(text);
  if (terms?.size !== 4) return undefined;
  const term = (name: string, form: RegExp): string | undefined => {
    const value = terms.get(name);
    return value !== undefined && form.test(value) ? value : undefined;
  };
  const offerDurableId = term('offerdurableid', OFFER);
  const currency = term('currency', CURRENCY);
  const locale = term('locale', LOCALE);
  const regionInfo = term('regioninfo', REGION);
  if (offerDurableId === undefined || currency === undefined) return undefined;
  if (locale === undefined || regionInfo === undefined) return undefined;
  return { offerDurableId, currency, locale, regionInfo };
}

/** Values by name in lower case; undefined when the text is no conjunction, or names something twice. */
function readTerms(text: string): ReadonlyMap<string, string> | undefined {
  const terms = new Map<string, string>();
  for (let rest = text; ;) {
    const [term, name = '', value = ''] = TERM.exec(rest) ?? [];
    if (term === undefined || terms.has(name.toLowerCase())) return undefined;
    terms.set(name.toLowerCase(), value.replaceAll("''", "'"));
    rest = rest.slice(term.length);
    if (rest.trim() === '') return terms;
    const [and] = AND.exec(rest) ?? [];
    if (and === undefined) return undefined;
    rest = rest.slice(and.length);
  }
}
