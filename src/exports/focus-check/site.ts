import type { Decimal } from '../../kernel/index.ts';
import type { FocusDataset } from '../focus/index.ts';
import type { Rule, RuleFile } from './rule-file.ts';

/** One row: values as CSV has them, null where there is none. */
export type Row = readonly (string | null)[];
/** Looks at one row; `at` is its number, counted from 1. */
export type RowCheck = (row: Row, at: number) => void;

/** What is known of an invoice beside the files; what is left out is not compared. */
export interface KnownInvoice {
  /** what is to be paid, credit notes below zero */
  readonly payableAmount: Decimal;
  readonly isIssued: boolean;
  readonly currency?: string;
  readonly issuer?: string;
  /** Open, Issued or Voided */
  readonly status?: string;
  /** times as FOCUS writes them */
  readonly issueDate?: string | null;
  readonly dueDate?: string | null;
  readonly terms?: string;
  readonly purchaseOrder?: string | null;
  /** the invoice that this one changes, null for one that changes none */
  readonly adjusts?: string | null;
  /** printed amounts by InvoiceDetailId */
  readonly lines?: ReadonlyMap<string, Decimal>;
}

/** What is known beside the files. */
export interface Known {
  /** Capabilities of who made the files, by name without `_SUPPORTED`; others are taken as unknown. */
  readonly profile: Readonly<Record<string, boolean>>;
  /** Facts that hold or do not hold for every row, such as `generator.authorizedToInvoice`. */
  readonly facts: Readonly<Record<string, boolean>>;
  readonly invoices: ReadonlyMap<string, KnownInvoice> | undefined;
  readonly maximumIds: number;
}

/** One dataset of a delivery, as rules see it. */
export interface Site {
  readonly dataset: FocusDataset;
  readonly columns: readonly string[];
  /** where a column stands in a row; undefined when it was not delivered */
  readonly indexOf: (column: string) => number | undefined;
}

/** Where a rule stands: its own dataset, the others, and the earlier delivery. */
export interface Surroundings {
  readonly file: RuleFile;
  readonly known: Known;
  readonly site: Site;
  readonly sites: Readonly<Partial<Record<FocusDataset, Site>>>;
  /** undefined when no earlier delivery was given */
  readonly earlier: Readonly<Partial<Record<FocusDataset, Site>>> | undefined;
}

/** How a rule is checked. */
export interface Plan {
  /** called with every row of its own dataset */
  readonly row?: RowCheck;
  /** called with every row of other datasets */
  readonly others?: Readonly<Partial<Record<FocusDataset, RowCheck>>>;
  /** called with every row of the earlier delivery, before all others */
  readonly earlier?: Readonly<Partial<Record<FocusDataset, RowCheck>>>;
  /** called once, after all rows */
  readonly end?: () => void;
}

/** Why a rule was not looked at. */
export interface Skip {
  readonly skip: 'notApplicable' | 'notChecked';
  readonly reason: string;
}

export const notApplicable = (reason: string): Skip => ({ skip: 'notApplicable', reason });
export const notChecked = (reason: string): Skip => ({ skip: 'notChecked', reason });
export const isSkip = (plan: Plan | Skip): plan is Skip => 'skip' in plan;

/** Makes the check of a rule of one kind. */
export type Kind = (run: RuleRun, around: Surroundings) => Plan | Skip;

export interface Example {
  /** the number of the row in its file, from 1; undefined where a fault is of no single row */
  readonly row: number | undefined;
  /** the file of the row, where the rows are from files */
  readonly file?: string;
  readonly value: string | null;
}

const MOST_EXAMPLES = 5;
const LONGEST_VALUE = 200;

/** What a rule has found so far. */
export class RuleRun {
  readonly rule: Rule;
  /** whether there was anything to which the rule applies */
  hasApplied = false;
  faults = 0;
  warnings = 0;
  readonly examples: Example[] = [];
  /** rules of an attribute that faults name */
  readonly parts = new Set<string>();
  /** why something was left out, when it was: then the rule is not said to hold */
  leftOut: string | undefined;

  constructor(rule: Rule) {
    this.rule = rule;
  }

  fault(row: number | undefined, value: string | null): void {
    this.faults++;
    this.#show(row, value);
  }

  /** Something that is a fault in a stricter rule, and advice in this one. */
  warning(row: number | undefined, value: string | null): void {
    this.warnings++;
    this.#show(row, value);
  }

  /** Says that there were more ids than are remembered. */
  tooMany(): void {
    this.leftOut = 'there are more ids than are remembered';
  }

  #show(row: number | undefined, value: string | null): void {
    if (this.examples.length >= MOST_EXAMPLES) return;
    const short =
      value !== null && value.length > LONGEST_VALUE
        ? `${value.slice(0, LONGEST_VALUE)}...`
        : value;
    this.examples.push({ row, value: short });
  }
}

/** Values of some columns as one text; columns that were not delivered count as empty. */
export function joiner(site: Site, columns: readonly string[]): (row: Row) => string {
  const indexes = columns.map((column) => site.indexOf(column));
  return (row) => {
    let text = '';
    for (const index of indexes) text += `${index === undefined ? '' : (row[index] ?? '')}\u001f`;
    return text;
  };
}

/** The place of the rule's column, or why there is none. */
export function placeOf(site: Site, column: string | undefined): number | Skip {
  const index = column === undefined ? undefined : site.indexOf(column);
  return index ?? notApplicable(`column ${column ?? 'of the rule'} was not delivered`);
}

/** A list that rules write as one text or several. */
export function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}
