/** Kinds of rules that join datasets: what one names the other has, and both say the same of it. */
import type { FocusDataset } from '../../focus/index.ts';
import {
  joiner,
  listOf,
  notChecked,
  placeOf,
  type Kind,
  type Plan,
  type Row,
  type RuleRun,
  type Skip,
  type Surroundings,
} from '../site.ts';
import { isStrictTime } from '../values/date-time.ts';

interface Place {
  readonly dataset: FocusDataset;
  readonly columns: readonly string[];
}

/** Reads `Dataset.Column`, `Dataset.(Column,Column)` or a column of the own dataset. */
function placeIn(text: string, own: FocusDataset): Place {
  const match = /^(CostAndUsage|InvoiceDetail|BillingPeriod)\.\(?([\w,]+)\)?/.exec(text);
  const [, dataset, columns = text] = match ?? [];
  const isOther =
    dataset === 'CostAndUsage' || dataset === 'InvoiceDetail' || dataset === 'BillingPeriod';
  return { dataset: isOther ? dataset : own, columns: columns.split(',') };
}

const reference: Kind = (run, around) => {
  const { from = '', to = '', within } = run.rule.params;
  if (run.rule.scope === 'context') return notChecked('the price list is not part of the files');
  const source = placeIn(from, around.site.dataset);
  const target = placeIn(to, around.site.dataset);
  // Ids of invoices belong to who issues them.
  const shared = source.columns.length === 1 ? [...listOf(within), 'InvoiceIssuerName'] : [];
  const outer = [...new Set(shared)];
  const site = around.sites[target.dataset];
  if (site === undefined) return notChecked(`${target.dataset} was not given`);
  const index = placeOf(around.site, source.columns.at(-1));
  if (typeof index !== 'number') return index;
  if (target.columns.some((column) => site.indexOf(column) === undefined)) {
    return notChecked(`${target.columns.join(', ')}: not delivered in ${target.dataset}`);
  }
  const idOf = joiner(around.site, [...outer, ...source.columns]);
  const targetOf = joiner(site, [...outer, ...target.columns]);
  const there = new Set<string>();
  const wanted = new Map<string, number>();
  const isWanted = source.columns.map((column) => around.site.indexOf(column) ?? -1);
  const add = (row: Row, name: (row: Row) => string): void => {
    if (there.size < around.known.maximumIds) there.add(name(row));
    else run.tooMany();
  };
  const want = (row: Row, at: number): void => {
    if (isWanted.some((place) => (row[place] ?? null) === null)) return;
    run.hasApplied = true;
    const id = idOf(row);
    if (wanted.has(id)) return;
    if (wanted.size < around.known.maximumIds) wanted.set(id, at);
    else run.tooMany();
  };
  const past = around.earlier?.[target.dataset];
  const isBeyond = mayBeEarlier(run, around, to);
  const isOwn = target.dataset === around.site.dataset;
  return {
    row: (row, at) => {
      want(row, at);
      if (isOwn) add(row, targetOf);
    },
    ...(isOwn ? {} : { others: { [target.dataset]: (row: Row) => add(row, targetOf) } }),
    ...earlierIds(past, to, [...outer, ...target.columns], add),
    end: () => {
      // What was left out for want of room cannot be said to be missing.
      if (run.leftOut !== undefined) return;
      for (const [id, at] of wanted) {
        if (there.has(id)) continue;
        const parts = id.split('\u001f').filter(Boolean);
        if (!isBeyond(parts.at(-1) ?? '')) run.fault(at, parts.join(' '));
      }
    },
  };
};

/** What may stand in an earlier delivery, and nobody gave one, is not said to be missing. */
function mayBeEarlier(
  run: RuleRun,
  { earlier, known }: Surroundings,
  to: string,
): (id: string) => boolean {
  if (!to.includes('earlier delivery')) return () => false;
  return (id) => {
    if (known.invoices?.has(id) === true) return true;
    if (earlier === undefined) run.leftOut = 'no earlier delivery was given';
    return earlier === undefined;
  };
}

function earlierIds(
  past: Surroundings['site'] | undefined,
  to: string,
  columns: readonly string[],
  add: (row: Row, name: (row: Row) => string) => void,
): Pick<Plan, 'earlier'> {
  if (past === undefined || !to.includes('earlier delivery')) return {};
  const nameOf = joiner(past, columns);
  return { earlier: { [past.dataset]: (row: Row) => add(row, nameOf) } };
}

interface Pairing {
  readonly key: (row: Row) => string;
  readonly place: number;
}

/** The column of a rule such as `InvoiceDetail.BillingPeriodEnd` with the key by which rows are joined. */
function pairing(
  around: Surroundings,
  text: unknown,
  join: readonly string[],
): (Pairing & Place) | Skip {
  const place = placeIn(String(text), around.site.dataset);
  const site = around.sites[place.dataset];
  if (site === undefined) return notChecked(`${place.dataset} was not given`);
  const index = placeOf(site, place.columns[0]);
  if (typeof index !== 'number') return index;
  return { ...place, key: joiner(site, join), place: index };
}

/** Remembers the values by key, for each of two datasets, and compares each with each at the end. */
function compareJoined(
  run: RuleRun,
  around: Surroundings,
  /** The value that is against it, of all that the other dataset has. */
  against: (left: string, rights: ReadonlySet<string>) => string | undefined,
  isCompared: (row: Row) => boolean,
): Plan | Skip {
  const { left, right, join = [] } = run.rule.params;
  const one = pairing(around, left, join);
  if ('skip' in one) return one;
  const other = pairing(around, right, join);
  if ('skip' in other) return other;
  const lefts = new Map<string, [value: string, at: number][]>();
  const rights = new Map<string, Set<string>>();
  let kept = 0;
  let keptRights = 0;
  return {
    row: (row, at) => {
      const value = row[one.place] ?? null;
      if (value === null) return;
      const key = one.key(row);
      const values = lefts.get(key) ?? [];
      // Each value once: what is wrong is wrong for all rows that say the same.
      if (values.some(([known]) => known === value)) return;
      if (kept++ >= around.known.maximumIds) run.tooMany();
      else lefts.set(key, [...values, [value, at]]);
    },
    others: {
      [other.dataset]: (row: Row) => {
        const value = row[other.place] ?? null;
        if (value === null || !isCompared(row)) return;
        const key = other.key(row);
        const values = rights.get(key) ?? new Set();
        if (values.has(value)) return;
        if (keptRights++ >= around.known.maximumIds) run.tooMany();
        else rights.set(key, values.add(value));
      },
    },
    end: () => {
      for (const [key, values] of lefts) {
        const others = rights.get(key);
        if (others === undefined) continue;
        run.hasApplied = true;
        for (const [value, at] of values) {
          const wrong = against(value, others);
          if (wrong !== undefined) run.fault(at, `${value} here, ${wrong} in ${other.dataset}`);
        }
      }
    },
  };
}

const crossEquals: Kind = (run, around) =>
  compareJoined(
    run,
    around,
    (left, rights) => [...rights].find((right) => left !== right),
    () => true,
  );

/** What one says is among what the others say, which may be several things. */
const crossIncludes: Kind = (run, around) =>
  compareJoined(
    run,
    around,
    (left, rights) => (rights.has(left) ? undefined : [...rights].join(', ')),
    () => true,
  );

const crossOrder: Kind = (run, around) => {
  const status = around.sites.BillingPeriod?.indexOf('BillingPeriodStatus');
  if (status === undefined) return notChecked('BillingPeriod was not given');
  return compareJoined(
    run,
    around,
    (left, rights) =>
      [...rights].find((right) => isStrictTime(left) && isStrictTime(right) && left > right),
    (row) => row[status] === 'Closed',
  );
};

/** A closed period has no invoice that is still open. */
const closedMeansIssued: Kind = (run, around) => {
  const details = around.sites.InvoiceDetail;
  if (details === undefined) return notChecked('InvoiceDetail was not given');
  const columns = ['InvoiceIssuerName', 'BillingPeriodStart', 'BillingPeriodEnd'];
  const status = placeOf(around.site, 'BillingPeriodStatus');
  const issue = placeOf(details, 'InvoiceIssueStatus');
  if (typeof status !== 'number') return status;
  if (typeof issue !== 'number') return issue;
  const [periodOf, detailOf] = [joiner(around.site, columns), joiner(details, columns)];
  const closed = new Map<string, number>();
  const open = new Set<string>();
  return {
    row: (row, at) => {
      if (row[status] !== 'Closed') return;
      run.hasApplied = true;
      if (closed.size < around.known.maximumIds) closed.set(periodOf(row), at);
      else run.tooMany();
    },
    others: {
      InvoiceDetail: (row) => {
        if (row[issue] === 'Open') open.add(detailOf(row));
      },
    },
    end: () => {
      for (const [period, at] of closed) {
        if (open.has(period)) run.fault(at, period.split('\u001f').join(' ').trim());
      }
    },
  };
};

export const joinKinds: Readonly<Record<string, Kind>> = {
  reference,
  crossEquals,
  crossIncludes,
  crossOrder,
  closedMeansIssued,
};
