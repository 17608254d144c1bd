export { toCloudEvent, type EmittedRecord, type UsageCloudEvent } from './record.ts';
export { recordsReportedIn, simulatedStamp, type SimulatedStamp } from './simulator.ts';
