/**
 * Whatever is spoilt in a good delivery is found: the fault is chosen by chance among kinds that break a requirement, and so
 * are the dataset, the row, the column and how it is spoilt.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Decimal } from '../../kernel/index.ts';
import {
  focusColumns,
  focusVersions,
  type FocusDataset,
  type FocusVersion,
} from '../focus/index.ts';
import { checkFocus, rulesOf } from './check-focus.ts';
import type { ConformanceReport } from './report.ts';
import { ruleFileOf } from './rule-file.ts';
import { allKnown, decimal, tablesOf, validDelivery, type Delivery } from './test-delivery.ts';
import { dropColumn } from './test-generic-faults.ts';
import type { Values } from './test-rows.ts';

/** Chance: a number below a bound. */
type Pick = <T>(from: readonly T[]) => T;

/** Spoils a delivery; what has to be named by one of the findings, or undefined where there was nothing to spoil. */
type Spoil = (delivery: Delivery, pick: Pick) => string | undefined;

const datasetsIn = ({ rows }: Delivery): FocusDataset[] => Object.keys(rows) as FocusDataset[];

interface Cell {
  readonly dataset: FocusDataset;
  readonly row: Values;
  readonly column: string;
  readonly value: string;
}

/** A value that is there, of a column that fits. */
function cellOf(
  delivery: Delivery,
  pick: Pick,
  fits: (column: { name: string; type: string; nullable: boolean }) => boolean,
): Cell | undefined {
  const dataset = pick(datasetsIn(delivery));
  const columns = focusColumns[delivery.version][dataset].filter(fits).map(({ name }) => name);
  const row = pick(delivery.rows[dataset]!);
  const filled = columns.filter((name) => typeof row[name] === 'string');
  if (filled.length === 0) return undefined;
  const column = pick(filled);
  return { dataset, row, column, value: row[column]! };
}

function spoiling(
  fits: (column: { name: string; type: string; nullable: boolean }) => boolean,
  values: (value: string) => readonly (string | null)[],
): Spoil {
  return (delivery, pick) => {
    const cell = cellOf(delivery, pick, fits);
    if (cell === undefined) return undefined;
    cell.row[cell.column] = pick(values(cell.value));
    return cell.column;
  };
}

const badTimes = (value: string): string[] => [
  value.replace('Z', ''),
  value.replace('Z', '+00:00'),
  value.replace('Z', '.000Z'),
  value.replace('T', ' '),
  value.slice(0, 10),
  value.replace(/-\d\d-/, '-13-'),
  value.replaceAll('-', '/'),
  'yesterday',
];

const badNumbers = (value: string): string[] => [
  `+${value.replace('-', '')}`,
  `${value}e0`,
  `${value} EUR`,
  `${value},00`,
  `1,${value}`,
  ` ${value}`,
  `(${value})`,
  `${value}%`,
  'NaN',
  'Infinity',
  '0x10',
];

const enums = (version: FocusVersion, dataset: FocusDataset): string[] =>
  rulesOf(ruleFileOf(version), dataset).flatMap(({ kind, keyword, column, params }) =>
    kind === 'allowed' && keyword === 'MUST' && params.of === undefined && column !== undefined
      ? [column]
      : [],
  );

const badEnum: Spoil = (delivery, pick) => {
  const dataset = pick(datasetsIn(delivery));
  const row = pick(delivery.rows[dataset]!);
  const filled = enums(delivery.version, dataset).filter((name) => typeof row[name] === 'string');
  if (filled.length === 0) return undefined;
  const column = pick(filled);
  const value = row[column]!;
  row[column] = pick([
    'Nonsense',
    value.toLowerCase(),
    value.toUpperCase(),
    ` ${value}`,
    `${value}s`,
  ]);
  return column;
};

const missingColumn: Spoil = (delivery, pick) => {
  const dataset = pick(datasetsIn(delivery));
  const wanted = rulesOf(ruleFileOf(delivery.version), dataset).flatMap(
    ({ kind, keyword, params }) =>
      kind === 'columnPresent' && keyword === 'MUST' ? [params.column ?? ''] : [],
  );
  const column = pick(wanted);
  dropColumn(delivery, dataset, column);
  return column;
};

const newColumn: Spoil = (delivery, pick) => {
  const dataset = pick(datasetsIn(delivery));
  const column = pick(['Discount', 'billedcost', 'Billed Cost', 'X_Own', 'x-Own', 'BilledCost2']);
  delivery.columns[dataset]!.push(column);
  for (const row of delivery.rows[dataset]!) row[column] = '1';
  return column;
};

/** Rows of CostAndUsage on an invoice that cost something. */
const costly = ({ rows }: Delivery): Values[] =>
  rows.CostAndUsage!.filter(
    (row) => row['InvoiceId'] !== null && !decimal(row['BilledCost']!).isZero(),
  );

const changedCost: Spoil = (delivery, pick) => {
  const row = pick(costly(delivery));
  const by = pick(['0.01', '-0.01', '100', '0.000000001']);
  row['BilledCost'] = decimal(row['BilledCost']!).add(decimal(by)).toText();
  return '';
};

const lostRow: Spoil = (delivery, pick) => {
  const all = delivery.rows.CostAndUsage!;
  all.splice(all.indexOf(pick(costly(delivery))), 1);
  return '';
};

const rowTwice: Spoil = (delivery, pick) => {
  const dataset = pick(datasetsIn(delivery));
  const row = pick(delivery.rows[dataset]!);
  delivery.rows[dataset]!.push({ ...row });
  return '';
};

const turnedPeriod: Spoil = (delivery, pick) => {
  const dataset = pick(datasetsIn(delivery));
  const row = pick(delivery.rows[dataset]!);
  const name =
    dataset === 'CostAndUsage' ? pick(['ChargePeriod', 'BillingPeriod']) : 'BillingPeriod';
  [row[`${name}Start`], row[`${name}End`]] = [
    row[`${name}End`] ?? null,
    row[`${name}Start`] ?? null,
  ];
  return 'Period';
};

const changedPrice: Spoil = (delivery, pick) => {
  const priced = delivery.rows.CostAndUsage!.filter(
    (row) => typeof row['ListUnitPrice'] === 'string' && row['ChargeClass'] === null,
  );
  const row = pick(priced);
  const column = pick(['ListUnitPrice', 'ContractedUnitPrice', 'ListCost', 'ContractedCost']);
  row[column] = decimal(row[column]!).add(Decimal.fromBigInt(1n)).toText();
  return column;
};

const otherInvoice: Spoil = (delivery, pick) => {
  pick(costly(delivery))['InvoiceId'] = pick(['NC-77', 'nc-1', ' NC-1', null]);
  return '';
};

const spoils: Readonly<Record<string, Spoil>> = {
  'null where none may be': spoiling(
    ({ nullable }) => !nullable,
    () => [null],
  ),
  'time in another form': spoiling(({ type }) => type === 'DateTime', badTimes),
  'number in another form': spoiling(({ type }) => type === 'Decimal', badNumbers),
  'text for a number': spoiling(
    ({ type }) => type === 'Decimal',
    () => ['twelve', 'null', '1.2.3', '--1', '1 2'],
  ),
  'JSON that is none': spoiling(
    ({ type }) => type === 'Json',
    () => ['env=prod', '{', "{'a':'b'}", '[1]', '"text"', '{"a":"b"', 'null', '{"a":1,"a":2}'],
  ),
  'currency that is none': spoiling(
    ({ name }) => name.endsWith('Currency'),
    () => ['eur', 'Euro', 'EUX', '€', 'E U', 'EURO'],
  ),
  'text that is broken': spoiling(
    ({ type }) => type === 'String',
    (value) => [`${value}\ufffd`, `${value}\u0000`, `\ud800${value}`],
  ),
  'value that is on no list': badEnum,
  'missing column': missingColumn,
  'column without x_': newColumn,
  'changed cost': changedCost,
  'lost row': lostRow,
  'row twice': rowTwice,
  'period turned round': turnedPeriod,
  'price that does not explain the cost': changedPrice,
  'other invoice': otherInvoice,
};

const told = ({ findings }: ConformanceReport): string =>
  JSON.stringify(findings.filter(({ severity }) => severity === 'error'));

describe('a fault that chance has planted', () => {
  for (const version of focusVersions) {
    for (const [name, spoil] of Object.entries(spoils)) {
      it(`of ${version} is found: ${name}`, async () => {
        const known = allKnown(version);
        const options = { ...known, previous: [] };
        let planted = 0;
        await fc.assert(
          fc.asyncProperty(fc.infiniteStream(fc.nat()), async (numbers) => {
            const pick: Pick = (from) => from[numbers.next().value! % from.length]!;
            const delivery = validDelivery(version);
            const named = spoil(delivery, pick);
            if (named === undefined) return;
            planted++;
            const report = await checkFocus(tablesOf(delivery), options);
            assert.equal(report.conforms, false, `${named}: nothing was found`);
            assert.ok(told(report).includes(named), `${named}: ${told(report)}`);
          }),
          { numRuns: 40 },
        );
        assert.ok(planted > 5, `${planted} faults were planted`);
      });
    }
  }
});
