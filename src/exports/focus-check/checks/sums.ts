/** Rules about sums: between datasets, and against what invoices are known to come to. */
import { Decimal } from '../../../kernel/index.ts';
import type { FocusDataset } from '../../focus/index.ts';
import { whenOf } from '../condition.ts';
import type { SumSide } from '../rule-file.ts';
import {
  notChecked,
  type Kind,
  type Plan,
  type RowCheck,
  type RuleRun,
  type Skip,
  type Surroundings,
} from '../site.ts';
import { sumAgainstInvoices } from './invoices.ts';
import { isWithin, sumsOf, type Group, type Sums } from './grouped-sums.ts';

const sumCompare: Kind = (run, around) => {
  const { left, right, tolerance = '0' } = run.rule.params;
  if (typeof left !== 'object' || typeof right !== 'object')
    return notChecked('no sides are named');
  if (right.fact !== undefined) return sumAgainstInvoices(run, around, left, tolerance);
  const condition = { ...run.rule, scope: 'context' };
  const when = whenOf(condition, around);
  if (typeof when !== 'function') return when;
  const first = sideOf(run, around, left);
  const second = sideOf(run, around, right);
  if ('skip' in first) return first;
  if ('skip' in second) return second;
  const open = openInvoices(around);
  return {
    ...rowsOf(around, [first, second, ...(open === undefined ? [] : [open])]),
    end: () => {
      for (const [key, group] of new Map([...second.sums.groups, ...first.sums.groups])) {
        if (open?.ids.has(group.invoiceId) === true) continue;
        run.hasApplied = true;
        const one = first.sums.groups.get(key)?.sum ?? Decimal.zero;
        const other = second.sums.groups.get(key);
        const difference = one.subtract(other?.sum ?? Decimal.zero);
        // The tolerance is by rows of CostAndUsage, which stand on the right where there are two datasets.
        const measure = { ...group, rows: other?.rows ?? group.rows };
        if (!isWithin(difference, measure, tolerance)) {
          const told = [
            toldSum(first.dataset, first.sums.groups.get(key)),
            toldSum(second.dataset, other),
          ];
          run.fault(undefined, `${nameOf(key)}: ${told.join(', ')}`);
        }
      }
    },
  };
};

function toldSum(dataset: FocusDataset, group: Group | undefined): string {
  return `${group === undefined ? 'no rows' : group.sum.toText()} in ${dataset}`;
}

interface Side {
  readonly dataset: FocusDataset;
  readonly row: RowCheck;
}

function sideOf(run: RuleRun, around: Surroundings, side: SumSide): (Side & { sums: Sums }) | Skip {
  const site = around.sites[datasetOf(side.dataset)];
  if (site === undefined) return notChecked(`${side.dataset} was not given`);
  const sums = sumsOf(run, { ...around, site }, side, () => true);
  return 'skip' in sums ? sums : { dataset: site.dataset, row: sums.row, sums };
}

function datasetOf(name: string | undefined): FocusDataset {
  return name === 'InvoiceDetail' || name === 'BillingPeriod' ? name : 'CostAndUsage';
}

/** Ids of invoices that are open by their own records: sums of those may still move. */
function openInvoices({ sites }: Surroundings): (Side & { ids: Set<string> }) | undefined {
  const site = sites.InvoiceDetail;
  const status = site?.indexOf('InvoiceIssueStatus');
  const invoice = site?.indexOf('InvoiceId');
  if (status === undefined || invoice === undefined) return undefined;
  const ids = new Set<string>();
  return {
    dataset: 'InvoiceDetail',
    ids,
    row: (row) => {
      if (row[status] === 'Open') ids.add(row[invoice] ?? '');
    },
  };
}

/** Rows of several sides, each called with its own dataset. */
function rowsOf({ site }: Surroundings, sides: readonly Side[]): Pick<Plan, 'row' | 'others'> {
  const of = (dataset: FocusDataset): RowCheck | undefined => {
    const checks = sides.filter((side) => side.dataset === dataset);
    if (checks.length === 0) return undefined;
    return (row, at) => {
      for (const check of checks) check.row(row, at);
    };
  };
  const own = of(site.dataset);
  const others = Object.fromEntries(
    (['CostAndUsage', 'InvoiceDetail', 'BillingPeriod'] as const).flatMap((dataset) => {
      const check = dataset === site.dataset ? undefined : of(dataset);
      return check === undefined ? [] : [[dataset, check] as const];
    }),
  );
  return own === undefined ? { others } : { row: own, others };
}

const nameOf = (key: string): string => key.split('\u001f').filter(Boolean).join(' ');

export const sumKinds: Readonly<Record<string, Kind>> = { sumCompare };
