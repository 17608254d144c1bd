export { type Meter, type MeterOrigin, type MeterUnitKind, type OperatorMeter } from './meter.ts';
export { parseOperatorMeter } from './operator-meter.ts';
export { referenceMeters, type ReferenceMeter } from './reference-meters.ts';
export { addOperatorMeter, meterRoutes, toWireMeter, type MetersApi } from './routes.ts';
export {
  ensureSpelling,
  insertMeters,
  listMeters,
  readMeterNumbers,
  type MeterNumbers,
  type MeterSpelling,
} from './store.ts';
