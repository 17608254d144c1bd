/** Kinds of rules that compare with an earlier delivery of the same scope. */
import { IdTable } from '../id-table.ts';
import {
  joiner,
  listOf,
  notChecked,
  placeOf,
  type Kind,
  type Plan,
  type Row,
  type RuleRun,
  type Site,
  type Skip,
  type Surroundings,
} from '../site.ts';
import { lookAtJson } from '../values/json-text.ts';

const NOT_GIVEN = notChecked('no earlier delivery was given');

/** Remembers a value of the earlier delivery by key, and shows it beside the value of now. */
function beside(
  run: RuleRun,
  { site, earlier, known }: Surroundings,
  key: readonly string[],
  column: string | undefined,
  look: (before: string, now: string, row: Row) => boolean,
): Plan | Skip {
  const past = earlier?.[site.dataset];
  if (past === undefined) return NOT_GIVEN;
  const [now, before] = [placeOf(site, column), placeOf(past, column)];
  if (typeof now !== 'number') return now;
  if (typeof before !== 'number') return before;
  const [idOf, pastIdOf] = [joiner(site, key), joiner(past, key)];
  const values = new Map<string, Set<string>>();
  let kept = 0;
  return {
    earlier: {
      [site.dataset]: (row: Row) => {
        const value = row[before] ?? null;
        if (value === null) return;
        const id = pastIdOf(row);
        const there = values.get(id) ?? new Set();
        if (there.has(value)) return;
        if (kept++ < known.maximumIds) values.set(id, there.add(value));
        else run.tooMany();
      },
    },
    row: (row, at) => {
      const value = row[now] ?? null;
      const was = value === null ? undefined : values.get(idOf(row));
      if (value === null || was === undefined) return;
      run.hasApplied = true;
      const changed = [...was].find((one) => look(one, value, row));
      if (changed !== undefined) run.fault(at, `${value}, and ${changed} before`);
    },
  };
}

const statuses: Readonly<Record<string, readonly [string, string]>> = {
  InvoiceIssueStatus: ['Issued', 'Open'],
  BillingPeriodStatus: ['Closed', 'Open'],
};

/** What is issued or closed stays so. That the customer asked for it cannot be seen here. */
const noTransition: Kind = (run, around) => {
  const { column = '' } = run.rule;
  const [from, to] = statuses[column] ?? [];
  const key = listOf(run.rule.params.key);
  return beside(run, around, key, column, (before, now) => before === from && now === to);
};

/** Keys by which records of a dataset are the same record in two deliveries. */
const recordKeys: Readonly<Record<string, readonly string[]>> = {
  InvoiceDetail: ['InvoiceIssuerName', 'InvoiceId', 'InvoiceDetailId'],
  BillingPeriod: ['InvoiceIssuerName', 'BillingPeriodStart', 'BillingPeriodEnd'],
};

const recordCreated: Kind = (run, around) => {
  const key = recordKeys[around.site.dataset] ?? [];
  return beside(run, around, key, run.rule.column, (before, now) => before !== now);
};

/** A record that says something new was changed later than it was before. */
const recordChanged: Kind = (run, around) => {
  const { site, earlier, known } = around;
  const past = earlier?.[site.dataset];
  if (past === undefined) return NOT_GIVEN;
  const key = recordKeys[site.dataset] ?? [];
  const shared = site.columns.filter(
    (column) => column !== run.rule.column && past.indexOf(column) !== undefined,
  );
  const contents = new IdTable(known.maximumIds);
  const keep = contentOf(past, key, shared);
  const compare = contentOf(site, key, shared);
  const plan = beside(run, around, key, run.rule.column, (before, now, row) => {
    const { id, content } = compare(row);
    return contents.claim(id, content) === 'other' && now <= before;
  });
  if ('skip' in plan) return plan;
  const remember = plan.earlier?.[site.dataset];
  return {
    ...plan,
    earlier: {
      [site.dataset]: (row: Row, at: number) => {
        const { id, content } = keep(row);
        if (contents.claim(id, content) === 'full') run.tooMany();
        remember?.(row, at);
      },
    },
  };
};

function contentOf(
  site: Site,
  key: readonly string[],
  columns: readonly string[],
): (row: Row) => { id: string; content: string } {
  const idOf = joiner(site, key);
  const textOf = joiner(site, columns);
  return (row) => ({ id: idOf(row), content: textOf(row) });
}

/** What a price is called once, it is called for ever. */
const skuPriceStable: Kind = (run, around) =>
  beside(run, around, ['SkuPriceId'], 'SkuId', (before, now) => before !== now);

const history: Kind = (run, around) => {
  const isUnchanged = run.rule.params.rule === 'unchanged';
  return beside(run, around, ['SkuPriceId'], run.rule.column, (before, now) => {
    const was = lookAtJson(before).object ?? {};
    const is = lookAtJson(now).object ?? {};
    const missing = Object.keys(was).filter((key) => !(key in is));
    if (!isUnchanged) return missing.length > 0;
    return Object.entries(was).some(([key, value]) => key in is && is[key] !== value);
  });
};

/** Facts that an earlier delivery shows. */
export const historyFacts: Readonly<Record<string, Kind>> = {
  'record.created': recordCreated,
  'record.lastChange': recordChanged,
  'skuPrice.stable': skuPriceStable,
};

export const historyKinds: Readonly<Record<string, Kind>> = { noTransition, history };
