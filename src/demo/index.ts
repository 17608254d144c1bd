export { firstLook, type FirstLook } from './first-look.ts';
export { invoiceHistory } from './invoices.ts';
export { emitLive } from './live.ts';
export { setUpDemo, type DemoSize } from './set-up.ts';
export type { DemoStamp, DemoTools } from './stamp.ts';
export type { DemoPerson, DemoState } from './state.ts';
