import assert from 'node:assert/strict';
import { parseAccountId } from '../../../src/commerce/accounts/index.ts';
import { fullInvoice, listInvoices } from '../../../src/commerce/invoicing/index.ts';
import { checkFocus, describeConformance } from '../../../src/exports/focus-check/index.ts';
import {
  focusFacts,
  focusProfile,
  focusTables,
  focusVersions,
  readInvoiceTotals,
  type FocusTable,
} from '../../../src/exports/focus/index.ts';
import { sumOf, type Decimal } from '../../../src/kernel/index.ts';
import type { Database } from '../../../src/platform/index.ts';
import { decimal } from './figures.ts';

type Row = Readonly<Record<string, string | null>>;

async function rowsOf(table: FocusTable | undefined): Promise<Row[]> {
  const rows: Row[] = [];
  if (table === undefined) return rows;
  for await (const values of table.rows()) {
    rows.push(Object.fromEntries(table.columns.map((name, at) => [name, values[at] ?? null])));
  }
  return rows;
}

const figure = (row: Row, column: string): Decimal => decimal(row[column] ?? '0');

function sums(rows: readonly Row[], by: (row: Row) => string): Map<string, string> {
  const groups = [...Map.groupBy(rows, by)];
  return new Map(
    groups.map(([key, its]) => [key, sumOf(its.map((row) => figure(row, 'BilledCost'))).toText()]),
  );
}

function checkRow(row: Row): void {
  const told = JSON.stringify(row);
  assert.equal(row['BilledCost'], row['EffectiveCost'], told);
  if (row['SkuPriceId'] === null) {
    assert.equal(row['PricingQuantity'], null, told);
    return;
  }
  for (const kind of ['List', 'Contracted']) {
    const product = figure(row, `${kind}UnitPrice`).multiply(figure(row, 'PricingQuantity'));
    assert.equal(row[`${kind}Cost`], product.toText(), told);
    assert.ok(!figure(row, `${kind}UnitPrice`).isNegative(), told);
  }
}

/** What a dataset has of invoices, as text: each sum and each line. */
interface Told {
  readonly invoices: Map<string, string>;
  readonly lines: Map<string, string>;
}

/** Exports all there is, from both sides of each sale, and compares it with the invoices, to the last cent. */
export async function checkExported(database: Database): Promise<void> {
  const { pool } = database;
  const { rows: periods } = await pool.query<{ account_id: string; name: string }>(
    `select distinct account_id, name from (
       select account_id, name from billing_period
       union select i.issuer_id, p.name from invoice i join billing_period p using (period)) all_periods`,
  );
  const invoices = await Promise.all(
    (await listInvoices(pool, { limit: 1000 })).map((one) => fullInvoice(pool, one)),
  );
  for (const version of focusVersions) {
    for (const view of ['buying', 'selling'] as const) {
      const told: Told = { invoices: new Map(), lines: new Map() };
      for (const { account_id: account, name: periodName } of periods) {
        const scope = { accountId: parseAccountId(account)!, view, periodName };
        const { tables } = await focusTables(pool, version, scope);
        const invoicesThere = await readInvoiceTotals(pool, scope);
        const conformance = { profile: focusProfile, facts: focusFacts, invoices: invoicesThere };
        const report = await checkFocus(tables, conformance);
        assert.deepEqual(report.findings, [], describeConformance(report));
        const usage = await rowsOf(tables.find(({ dataset }) => dataset === 'CostAndUsage'));
        for (const row of usage) checkRow(row);
        const ids = new Set(usage.map((row) => row['x_RecordId']));
        assert.equal(ids.size, usage.length, 'the ids of rows are unique');
        const issued = usage.filter((row) => row['InvoiceId'] !== null);
        const lineColumn = version === '1.4' ? 'InvoiceDetailId' : 'x_InvoiceDetailId';
        const lines = sums(issued, (row) => row[lineColumn]!);
        for (const [key, sum] of sums(issued, (row) => row['InvoiceId']!)) {
          assert.equal(told.invoices.has(key), false, `${key} is in one dataset`);
          told.invoices.set(key, sum);
        }
        for (const [key, sum] of lines) told.lines.set(key, sum);
        if (version !== '1.4') continue;
        const details = await rowsOf(tables.find(({ dataset }) => dataset === 'InvoiceDetail'));
        for (const row of details) {
          const id = row['InvoiceDetailId']!;
          assert.equal(row['BilledCost'], lines.get(id) ?? '0', `the line ${id}`);
        }
        assert.ok(
          [...lines.keys()].every((id) => details.some((row) => row['InvoiceDetailId'] === id)),
        );
      }
      for (const { number, kind, gross, lines } of invoices) {
        const sign = (amount: Decimal): string =>
          (kind === 'credit-note' ? amount.negate() : amount).toText();
        assert.equal(told.invoices.get(number) ?? '0', sign(gross), `${number} ${version} ${view}`);
        for (const line of lines) {
          const id = `${number}/${line.line}`;
          assert.equal(told.lines.get(id) ?? '0', sign(line.amount), `the line ${id}`);
        }
      }
    }
  }
}
