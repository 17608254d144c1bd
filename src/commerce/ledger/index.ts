export {
  type LedgerAccount,
  type LedgerEntry,
  type LedgerKind,
  type NewEntry,
  type Posting,
} from './entry.ts';
export {
  balancesOf,
  listEntries,
  postEntries,
  postEntry,
  verifyLedger,
  type EntryFilter,
  type LedgerBalance,
  type LedgerFilter,
  type LedgerVerdict,
} from './store.ts';
export { ledgerRoutes, type LedgerApi } from './routes.ts';
export { toWireBalance, toWireEntry } from './wire.ts';
