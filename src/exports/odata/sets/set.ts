import type { Principal } from '../../../identity/index.ts';
import type { Database, Tx } from '../../../platform/index.ts';
import type { CountedColumn } from '../filter/sql.ts';
import type { EntityShape } from '../model.ts';

/** A set of the feed with where its rows come from. */
export interface EntitySet extends EntityShape {
  /** After `from`. What is joined is there for each row, as keys say: joined from the left, what a question does not need is not read. */
  readonly from: string;
  /** SQL of each property. Days, times and numbers come out as text, so that no digit is lost. */
  readonly columns: Readonly<Record<string, string>>;
  /** Properties that are times and stand for a counted column: comparing these finds rows by index. */
  readonly counted?: Readonly<Record<string, CountedColumn>>;
  /** What rows are read in the order of, and continued after. Together they tell rows apart. */
  readonly order: readonly OrderColumn[];
  /** Whether it is small enough to be sorted by anything. */
  readonly sortable: boolean;
  /** The column of the subscription to which a row belongs, where an index begins with it or is skipped through by it. */
  readonly subscription?: string;
  /** Whether a page is looked up row by row: planned for all pages, the planner would read all there is for each. */
  readonly looksUp?: true;
  /**
   * Runs `work` in a transaction that sees what the caller may see, and nothing else.
   *
   * @param work is told which subscriptions that can be, where it is not all: finding rows by them is quicker than
   *   reading all rows and being shown few
   */
  readonly reading: <T>(
    database: Database,
    principal: Principal,
    work: (tx: Tx, subscriptions?: readonly string[]) => Promise<T>,
  ) => Promise<T>;
}

export interface OrderColumn {
  readonly sql: string;
  /** As which its value is given back to continue after it. */
  readonly type: 'int' | 'bigint' | 'smallint' | 'uuid' | 'text';
}
