/** Kinds of rules about several rows of one dataset. Ids are remembered as hashes, so that memory is bounded. */
import { whenOf } from '../condition.ts';
import { IdTable } from '../id-table.ts';
import {
  joiner,
  listOf,
  notApplicable,
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
import { objectAdvice } from './objects.ts';

/** All rows with the same key have the same value in each of the columns. */
function sameForKey(
  run: RuleRun,
  around: Surroundings,
  key: readonly string[],
  columns: readonly string[],
): Plan | Skip {
  const { site, known } = around;
  const when = whenOf(run.rule, around);
  if (typeof when !== 'function') return when;
  const there = columns.filter((column) => site.indexOf(column) !== undefined);
  if (there.length === 0) return notApplicable(`${columns.join(', ')}: not delivered`);
  const index = placeOf(site, key.at(-1));
  if (typeof index !== 'number') return index;
  const idOf = joiner(site, key);
  const checks = there.map((column) => {
    const isMild = run.rule.params.warnOnly?.includes(column) === true;
    const place = site.indexOf(column) ?? 0;
    const seen = new IdTable(known.maximumIds);
    const tell = isMild ? run.warning.bind(run) : run.fault.bind(run);
    return { place, seen, tell, lastId: '', lastValue: '' };
  });
  return {
    row: (row, at) => {
      if ((row[index] ?? null) === null || !when(row)) return;
      run.hasApplied = true;
      const id = idOf(row);
      for (const check of checks) {
        const value = row[check.place] ?? '\u0000';
        // Rows of one thing mostly follow each other.
        if (check.lastId === id && check.lastValue === value) continue;
        const claim = check.seen.claim(id, value);
        check.lastId = id;
        check.lastValue = value;
        if (claim === 'full') run.tooMany();
        else if (claim === 'other') check.tell(at, `${row[index]}: ${row[check.place] ?? 'null'}`);
      }
    },
  };
}

const determines: Kind = (run, around) =>
  sameForKey(run, around, listOf(run.rule.params.key), run.rule.params.columns ?? []);

const uniqueId: Kind = (run, around) => {
  const { within, attributes = [] } = run.rule.params;
  const [column = ''] = listOf(run.rule.params.column);
  if (!attributes.some((name) => around.site.indexOf(name) !== undefined)) {
    return notChecked('no other column says what the id stands for');
  }
  return sameForKey(run, around, [...listOf(within), column], attributes);
};

const uniqueKey: Kind = (run, around) => unique(run, around, run.rule.params.columns ?? []);

function unique(run: RuleRun, around: Surroundings, columns: readonly string[]): Plan | Skip {
  const index = placeOf(around.site, columns.at(-1));
  if (typeof index !== 'number') return index;
  if (columns.some((column) => around.site.indexOf(column) === undefined)) {
    return notChecked(`${columns.join(', ')}: not all were delivered`);
  }
  const idOf = joiner(around.site, columns);
  return uniqueBy(run, around, (row) => ((row[index] ?? null) === null ? undefined : idOf(row)));
}

function uniqueBy(
  run: RuleRun,
  { known }: Surroundings,
  idOf: (row: Row) => string | undefined,
): Plan {
  const seen = new IdTable(known.maximumIds);
  return {
    row: (row, at) => {
      const id = idOf(row);
      if (id === undefined) return;
      run.hasApplied = true;
      const claim = seen.claim(id, '');
      if (claim === 'full') run.tooMany();
      else if (claim !== 'new') run.fault(at, id.split('\u001f').join(' ').trim());
    },
  };
}

/** The same row twice. With own ids of rows, those are compared instead. */
const noDuplicates: Kind = (run, around) => {
  const { columns, indexOf } = around.site;
  if (indexOf('x_RecordId') !== undefined) return notApplicable('rows have ids of their own');
  return uniqueBy(run, around, joiner(around.site, columns));
};

/** A label that is written in two ways, such as with other capitals, is not the same each time. */
const consistentLabel: Kind = (run, around) => {
  const index = placeOf(around.site, run.rule.column);
  if (typeof index !== 'number') return index;
  const spellings = new Map<string, string>();
  return {
    row: (row, at) => {
      const label = row[index] ?? null;
      if (label === null) return;
      run.hasApplied = true;
      const plain = label.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
      const first = spellings.get(plain);
      if (first !== undefined) {
        if (first !== label) run.fault(at, label);
      } else if (spellings.size < around.known.maximumIds) spellings.set(plain, label);
      else run.tooMany();
    },
  };
};

const advice: Kind = (run, around) => {
  const { advice: what = '', columns } = run.rule.params;
  if (what === 'uniqueWithin') return unique(run, around, columns ?? []);
  if (what === 'consistentLabel') return consistentLabel(run, around);
  const kind = objectAdvice[what];
  return kind?.(run, around) ?? notChecked('only who made the files can say');
};

/** A row below zero beside one above it, for the same thing and time: a discount that is a row of its own. */
const noOffsetRows: Kind = (run, around) => {
  const { site, known } = around;
  const names = ['SkuPriceId', 'ResourceId', 'ChargePeriodStart', 'ChargePeriodEnd'];
  const idOf = joiner(site, [...names, 'BillingAccountId', 'SubAccountId']);
  const cost = placeOf(site, 'BilledCost');
  const category = placeOf(site, 'ChargeCategory');
  if (typeof cost !== 'number') return cost;
  if (typeof category !== 'number') return category;
  const chargeClass = site.indexOf('ChargeClass') ?? -1;
  const above = new IdTable(known.maximumIds);
  const below = new IdTable(known.maximumIds);
  return {
    row: (row, at) => {
      const amount = row[cost] ?? null;
      if (amount === null || row[category] !== 'Usage' || (row[chargeClass] ?? null) !== null)
        return;
      if (/^-?[0.]*$/.test(amount)) return;
      run.hasApplied = true;
      const isBelow = amount.startsWith('-');
      const id = idOf(row);
      if ((isBelow ? below : above).claim(id, '') === 'full') run.tooMany();
      if ((isBelow ? above : below).has(id)) run.fault(at, amount);
    },
  };
};

interface Period {
  readonly within: string;
  readonly from: string;
  readonly to: string;
  readonly at: number;
}

const noOverlap: Kind = (run, { site, known }) => {
  const from = placeOf(site, 'BillingPeriodStart');
  const to = placeOf(site, 'BillingPeriodEnd');
  if (typeof from !== 'number') return from;
  if (typeof to !== 'number') return to;
  const withinOf = joiner(site, listOf(run.rule.params.within));
  const periods: Period[] = [];
  return {
    row: (row, at) => {
      const [start, end] = [row[from] ?? null, row[to] ?? null];
      if (!isStrictTime(start) || !isStrictTime(end) || start >= end) return;
      run.hasApplied = true;
      if (periods.length >= known.maximumIds) run.tooMany();
      else periods.push({ within: withinOf(row), from: start, to: end, at });
    },
    end: () => {
      const sorted = periods.toSorted(
        (one, other) =>
          Number(one.within > other.within) - Number(one.within < other.within) ||
          Number(one.from > other.from) - Number(one.from < other.from),
      );
      let last: Period | undefined;
      for (const period of sorted) {
        const isSame = last?.from === period.from && last.to === period.to;
        // The same period twice is told by the rule that wants one record for each.
        if (last?.within === period.within && period.from < last.to && !isSame) {
          run.fault(period.at, `${period.from} ${period.to}`);
        }
        if (last?.within !== period.within || period.to > last.to) last = period;
      }
    },
  };
};

export const groupKinds: Readonly<Record<string, Kind>> = {
  determines,
  uniqueId,
  uniqueKey,
  noDuplicates,
  advice,
  noOffsetRows,
  noOverlap,
};
