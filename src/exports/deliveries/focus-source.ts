import { Decimal, fail } from '../../kernel/index.ts';
import { decimalOf } from '../../platform/index.ts';
import { readAccountTree } from '../../commerce/accounts/index.ts';
import { checkFocus, type ConformanceReport } from '../focus-check/index.ts';
import {
  deliveredColumns,
  focusFacts,
  focusProfile,
  focusTables,
  listFocusPeriods,
  readInvoiceTotals,
  type FocusTable,
  type FocusVersion,
} from '../focus/index.ts';
import type { TableRow } from '../formats/index.ts';
import type { ExportSource, SourceTable } from './source.ts';

/** FOCUS, by billing period. Hubs take costs alone. */
export function focusSource(version: FocusVersion): ExportSource {
  return {
    partitions: (db, subject) => listFocusPeriods(db, subject),
    open: async (tx, subject, { name: periodName }) => {
      const { accountId, view, layout } = subject;
      const scope = { accountId, view, periodName };
      const { tables, leftOut } = await focusTables(tx, version, scope);
      const wanted = tables.filter(
        ({ dataset }) => layout === 'plain' || dataset === 'CostAndUsage',
      );
      const totals = await readInvoiceTotals(tx, scope);
      const sums = new Map<string, Decimal>();
      let report: ConformanceReport | undefined;
      const conform = async (): Promise<ConformanceReport> => {
        // All of them, also those that a hub does not take: rows are checked against invoices and periods.
        report ??= await checkFocus(tables, {
          profile: focusProfile,
          facts: focusFacts,
          invoices: totals,
        });
        return report;
      };
      return {
        focusVersion: version,
        generator: (await readAccountTree(tx)).root.name,
        tables: wanted.map((table) => sourceTable(table, sums)),
        summary: async () => {
          for (const [number, { payableAmount }] of totals) {
            const sum = sums.get(number) ?? Decimal.zero;
            if (sum.equals(payableAmount)) continue;
            throw fail('ExportRowsDiffer', {
              what: number,
              found: sum.toText(),
              wanted: payableAmount.toText(),
            });
          }
          const { conforms, findings, datasets } = await conform();
          const invoices = [...sums].map(([InvoiceId, sum]) => ({
            InvoiceId,
            BilledCost: sum.toText(),
          }));
          return {
            invoices,
            leftOut: leftOut(),
            conformance: { conforms, findings: findings.length, datasets },
          };
        },
        conformance: async () => `${JSON.stringify(await conform(), undefined, 2)}\n`,
      };
    },
  };
}

/** Adds costs up by invoice while they are written. */
function sourceTable(table: FocusTable, sums: Map<string, Decimal>): SourceTable {
  const { version, dataset, columns } = table;
  const invoiceAt = columns.indexOf('InvoiceId');
  const costAt = columns.indexOf('BilledCost');
  const isSummed = dataset === 'CostAndUsage';
  return {
    name: dataset,
    columns: deliveredColumns(version, dataset),
    rows: isSummed ? () => summed(table.rows(), sums, invoiceAt, costAt) : () => table.rows(),
  };
}

async function* summed(
  rows: AsyncIterable<TableRow>,
  sums: Map<string, Decimal>,
  invoiceAt: number,
  costAt: number,
): AsyncGenerator<TableRow> {
  sums.clear();
  for await (const row of rows) {
    const number = row[invoiceAt] ?? undefined;
    if (number !== undefined) {
      const cost = decimalOf(row[costAt] ?? '0');
      sums.set(number, (sums.get(number) ?? Decimal.zero).add(cost));
    }
    yield row;
  }
}
