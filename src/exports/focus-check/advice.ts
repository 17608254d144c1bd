import type { Rule } from './rule-file.ts';

const asGiven = 'Give the value in that form at its source, and export again.';
const lost =
  'Find the row that is missing, stands twice or was changed: compare the rows of this key with the invoice.';
const notTwice = 'Take the row away that is there twice, or give the id to one row only.';
const oneValue = 'Say the same in all rows of this key, or give what differs a key of its own.';
const rename = 'Rename the column; what is in no version of FOCUS begins with x_.';
const before = 'Leave what was delivered as final as it was, and correct it by further rows.';

const advices: Readonly<Record<string, string>> = {
  type: asGiven,
  format: asGiven,
  part: asGiven,
  bound: 'Say when the period begins, and when the next one does: ends are exclusive.',
  notNull: 'Fill the value in the rows named, and in all others like them.',
  null: 'Leave the value empty in the rows named; in CSV that is nothing between the commas.',
  allowed: 'Use one of the values, spelt exactly so, with its capitals.',
  pair: 'Use a subcategory of the category, or the category of the subcategory.',
  nonNegative:
    'Give the number without a minus; what is taken back is a cost or quantity below zero.',
  validDecimal: 'Give the number with fewer digits.',
  equalsValue:
    'Put the value there that is wanted, or say by the other columns what the row really is.',
  notValue: 'Give another value, or say by the other columns what the row really is.',
  equalsColumn: 'Make the two columns agree in the rows named.',
  notEqualsColumn: 'Give the value that is meant; a copy of the other column says nothing.',
  decimals: 'Round the amount as the invoice does, to the digits of its currency.',
  order:
    'Correct the earlier or the later of the two times; perhaps they stand in each other’s column.',
  chargeInBillingPeriod:
    'Give the charge the billing period in which it was used, or mark it as a correction of an earlier one.',
  product:
    'Compute the cost anew from price and quantity, without rounding, or correct the one that is wrong.',
  sameSign:
    'Give costs and quantities of a row the same sign, or mark what is taken back as a correction.',
  determines: oneValue,
  uniqueId: oneValue,
  jsonDetermines: oneValue,
  uniqueKey: notTwice,
  noDuplicates: notTwice,
  noOffsetRows: 'Lower the cost of the charge itself, or mark the row as a credit or a correction.',
  noOverlap: 'Let a period begin where the one before it ends.',
  columnPresent:
    'Deliver the column, also where all its values are null; perhaps its name is misspelt.',
  datasetPresent: 'Give the files of that dataset too.',
  columnName: rename,
  columnOrder:
    'Put the columns in that order; readers go by their names, so that nothing else changes.',
  placeholder: 'Leave the value empty instead.',
  emptyText: 'Fill the value; an empty text is none.',
  customValue: 'Give the value in that form, or name the column for what it holds.',
  sumCompare: lost,
  sumEquals: lost,
  complete: 'Add the record of that invoice line.',
  reference: 'Add what is named, or correct the id; perhaps the file that has it was not given.',
  crossEquals: 'Make the two datasets agree about it.',
  crossIncludes: 'Make the two datasets agree about it.',
  crossOrder: 'Correct one of the two times.',
  closedMeansIssued: 'Issue the invoice, or leave the period open.',
  noTransition: before,
  history: before,
  fact: 'Put there what the invoice says, or what the delivery before said.',
  equalsFact: 'Put there what the invoice says.',
};

const ofObjects = 'Correct the JSON of the rows named.';

/** What to do about a rule that does not hold. */
export function adviceOf({ kind, params }: Rule): string {
  if (kind === 'advice') return 'Better do so; nothing is wrong without.';
  const isObject = /^(?:key|json|value)/.test(kind);
  const advice = advices[kind] ?? (isObject ? ofObjects : asGiven);
  return params.when === undefined ? advice : `${advice} Or correct what its condition looks at.`;
}
