export * from './binary.ts';
export {
  openDatabase,
  type Database,
  type DatabaseConfig,
  type DatabaseOptions,
} from './database.ts';
export { orConflict } from './conflict.ts';
export { decimalOf } from './decimal-column.ts';
export type { DatabaseLog } from './log.ts';
export { migrationsFolder, readMigrations, type Migration } from './migrate.ts';
export { orTakesTooLong } from './statement-timeout.ts';
export { readTokenKey } from './token-key.ts';
export type { Queryable, TransactionOptions, Tx } from './transaction.ts';
export { isTransient } from './transient.ts';
