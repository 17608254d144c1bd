/** All kinds of rules, and why the others cannot be looked at in files. */
import { columnKinds } from './checks/columns.ts';
import { groupKinds } from './checks/groups.ts';
import { historyFacts, historyKinds } from './checks/history.ts';
import { invoiceFact, invoiceKinds } from './checks/invoices.ts';
import { joinKinds } from './checks/joins.ts';
import { objectKinds } from './checks/objects.ts';
import { rowKinds } from './checks/rows.ts';
import { sumKinds } from './checks/sums.ts';
import { valueKinds } from './checks/values.ts';
import { capabilityOf } from './facts.ts';
import { notApplicable, notChecked, type Kind } from './site.ts';

const reasons: Readonly<Record<string, string>> = {
  document: 'it is about documents, not files',
  delivery: 'it is about how files are delivered',
  source: 'only who made the files can say',
  metadata: 'it is about the metadata of a delivery',
  origin: 'which charge a split one comes from is not in the files',
  fixedNames: 'names of FOCUS columns are a list, which the rules about present columns look for',
  form: 'it is about how the format is meant',
  heading: 'other rules say each part of it',
  history: 'it is about all deliveries there ever were',
};

const facts: Kind = (run, around) => {
  const { fact = '' } = run.rule.params;
  const kind = historyFacts[fact] ?? (fact.startsWith('invoice.') ? invoiceFact : undefined);
  return kind?.(run, around) ?? notChecked(reasons['source']!);
};

const notCheckable: Kind = (run) => notChecked(reasons[run.rule.params.why ?? 'source'] ?? '');

const only =
  (why: string): Kind =>
  () =>
    notChecked(reasons[why]!);

/** Whether a dataset is there is seen by who gathers them; here it is. */
const datasetPresent: Kind = (run, { known }) => {
  const { capability } = run.rule.params;
  if (capability !== undefined && capabilityOf(capability, known) === false) {
    return notApplicable(`${capability} does not hold`);
  }
  run.hasApplied = true;
  return {};
};

const kinds: Readonly<Record<string, Kind>> = {
  ...valueKinds,
  ...rowKinds,
  ...objectKinds,
  ...groupKinds,
  ...columnKinds,
  ...sumKinds,
  ...invoiceKinds,
  ...joinKinds,
  ...historyKinds,
  fact: facts,
  datasetPresent,
  notCheckable,
  permission: () => notApplicable('it permits something'),
  document: only('document'),
  metadata: only('metadata'),
  denominated: only('source'),
  derivedFromOthers: only('source'),
  noTagPrefix: only('source'),
  quantityMeaning: only('source'),
  tagPrefix: only('source'),
  tagPrefixReserved: only('source'),
  valueForFact: only('source'),
};

/** @throws TypeError for a kind that nobody wrote */
export function kindOf(name: string): Kind {
  const kind = kinds[name];
  if (kind === undefined) throw new TypeError(`rules of kind ${name} have no check`);
  return kind;
}
