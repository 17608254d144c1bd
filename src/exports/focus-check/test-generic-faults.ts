/** Faults that follow from the kind of a rule: each is tried on every row until the rule, and only it, finds it. */
import type { FocusDataset } from '../focus/index.ts';
import type { Rule } from './rule-file.ts';
import type { Delivery } from './test-delivery.ts';
import type { Values } from './test-rows.ts';

export type Change = (delivery: Delivery) => void;

type Spoil = (value: string | null, row: Values) => readonly (string | null)[];

const wrongTypes: Readonly<Record<string, string>> = {
  Decimal: 'twelve',
  DateTime: 'yesterday',
  Json: 'none of it',
  String: '\u0000',
};

const filler: Readonly<Record<string, string>> = {
  Quantity: '1',
  Price: '0',
  Unit: 'Units',
  Details: '{}',
  Status: 'Used',
  Category: 'Spend',
};

const spoils: Readonly<Record<string, (rule: Rule) => Spoil>> = {
  type:
    ({ params }) =>
    (value) => {
      if (params.type === 'String') return value === null ? [] : [`${value}\ufffd`];
      return [wrongTypes[params.type ?? ''] ?? ''];
    },
  format:
    ({ params }) =>
    (value) =>
      wronglyWritten(params.format ?? '', value),
  notNull: () => (value) => (value === null ? [] : [null]),
  null:
    ({ column = '' }) =>
    (value) => {
      const ending = Object.keys(filler).find((end) => column.endsWith(end));
      return value === null ? [filler[ending ?? ''] ?? 'Something', 'Standard'] : [];
    },
  allowed: () => () => ['Nonsense'],
  advice:
    ({ params }) =>
    (value) =>
      params.advice === 'fullyQualified' && value !== null ? ['bare'] : [],
  bound:
    ({ params }) =>
    (value) =>
      value === null
        ? []
        : [value.replace(/:00:00Z$/, params.bound === 'exclusive end' ? ':59:59Z' : ':00:01Z')],
  validDecimal: () => () => ['1E99', `0.${'1'.repeat(70)}`],
};

function wronglyWritten(format: string, value: string | null): string[] {
  if (value === null) return [];
  switch (format) {
    case 'NumericFormat':
      return value.startsWith('-') ? [`${value}E+0`] : [`+${value}`];
    case 'DateTimeFormat':
      return [value.replace('Z', '+00:00'), value.replace('Z', '.000Z')];
    case 'CurrencyFormat':
    case 'NationalCurrency':
      return ['eur', 'XAU'];
    case 'UnitFormat':
      return ['GB*Hours'];
    default:
      return [
        '{"env":"prod","env":"test"}',
        value.replace(/^\{("[^"]+":)/, '{$1"",$1'),
        value.replace('{', '{"x_Nested":{},'),
      ];
  }
}

/** Faults that a rule of this kind may find, the likeliest first. */
export function genericFaults(rule: Rule, dataset: FocusDataset, delivery: Delivery): Change[] {
  const { kind, params, column } = rule;
  if (kind === 'columnPresent')
    return [(spoilt) => dropColumn(spoilt, dataset, params.column ?? '')];
  if (kind === 'datasetPresent') {
    return [
      (spoilt) => {
        delete spoilt.columns[dataset];
        delete spoilt.rows[dataset];
      },
    ];
  }
  const spoil = spoils[kind]?.(rule);
  const target = params.of ?? column;
  if (spoil === undefined || target === undefined) return [];
  return (delivery.rows[dataset] ?? []).flatMap((row, at) =>
    spoil(row[target] ?? null, row).map((value): Change => (spoilt) => {
      spoilt.rows[dataset]![at]![target] = value;
    }),
  );
}

export function dropColumn(delivery: Delivery, dataset: FocusDataset, column: string): void {
  const columns = delivery.columns[dataset] ?? [];
  const at = columns.indexOf(column);
  if (at >= 0) columns.splice(at, 1);
}
