import type { Queryable } from '../../platform/index.ts';
import { readAccountTree, sellerOf, type AccountTree } from '../../commerce/accounts/index.ts';
import { deliveredColumns } from './columns.ts';
import { detailsOfInvoice } from './detail-rows.ts';
import { readInvoices } from './invoice-store.ts';
import { rowsOfInvoice, type RowTools } from './invoice-rows.ts';
import { buyersOf, rowsOfOpenPeriods, type LeftOut } from './open-rows.ts';
import { periodRows } from './period-rows.ts';
import { planReader } from './plans.ts';
import type { FocusRow } from './row.ts';
import type { FocusScope } from './scope.ts';
import { focusColumns, type FocusDataset, type FocusTable, type FocusVersion } from './table.ts';

/** The tables of a billing period. */
export interface FocusTables {
  readonly tables: readonly FocusTable[];
  /** What the rows of CostAndUsage left out when they were last read to the end. */
  readonly leftOut: () => Readonly<LeftOut>;
}

/**
 * The datasets of a billing period. Rows are read when they are asked for, a page at a time, and come in the same order
 * each time: by invoice, line, day, resource and price, then what is not invoiced. To be given one moment: a transaction
 * that is repeatable read.
 */
export async function focusTables(
  db: Queryable,
  version: FocusVersion,
  scope: FocusScope,
): Promise<FocusTables> {
  const tree = await readAccountTree(db);
  let leftOut: LeftOut = { unpricedCharges: 0 };
  const rowsOf: Readonly<Record<FocusDataset, () => AsyncIterable<FocusRow>>> = {
    CostAndUsage: () => {
      leftOut = { unpricedCharges: 0 };
      return usageOf(db, tree, scope, leftOut);
    },
    InvoiceDetail: () => details(db, scope),
    BillingPeriod: () =>
      periodRows(db, buyersOf(tree, scope), scope.periodName, issuerNow(tree, scope)),
  };
  const datasets = (['CostAndUsage', 'InvoiceDetail', 'BillingPeriod'] as const).filter(
    (dataset) => focusColumns[version][dataset].length > 0,
  );
  return {
    tables: datasets.map((dataset) => tableOf(version, dataset, rowsOf[dataset])),
    leftOut: () => leftOut,
  };
}

function tableOf(
  version: FocusVersion,
  dataset: FocusDataset,
  rows: () => AsyncIterable<FocusRow>,
): FocusTable {
  const columns = deliveredColumns(version, dataset).map(({ name }) => name);
  return {
    version,
    dataset,
    columns,
    rows: async function* inOrder() {
      for await (const row of rows()) yield columns.map((column) => row[column] ?? null);
    },
  };
}

async function* usageOf(
  db: Queryable,
  tree: AccountTree,
  scope: FocusScope,
  leftOut: LeftOut,
): AsyncGenerator<FocusRow> {
  const tools: RowTools = { db, plans: planReader(db), hostName: tree.root.name };
  for await (const invoice of readInvoices(db, scope)) yield* rowsOfInvoice(tools, invoice);
  yield* rowsOfOpenPeriods(tools, tree, scope, leftOut);
}

async function* details(db: Queryable, scope: FocusScope): AsyncGenerator<FocusRow> {
  for await (const invoice of readInvoices(db, scope)) yield* detailsOfInvoice(db, invoice);
}

function issuerNow(tree: AccountTree, { accountId, view }: FocusScope): string {
  const issuer = view === 'selling' ? tree.get(accountId) : sellerOf(tree, accountId);
  return issuer?.name ?? tree.root.name;
}
