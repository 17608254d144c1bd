export { allocate } from './allocate.ts';
export type { Brand } from './brand.ts';
export { Decimal, maximumParsedDigits, maximumScale } from './decimal.ts';
export type {
  CatalogueEntry,
  ErrorCode,
  ErrorDetail,
  ErrorOptions,
  ErrorValue,
  ErrorValues,
  RecordErrorCode,
} from './errors.ts';
export { catalogue, errorReference, fail, isRecordErrorCode, StackmeterError } from './errors.ts';
export type {
  PrincipalId,
  DirectoryTenantId,
  MeterId,
  MeterKey,
  RecordId,
  SubscriptionId,
} from './ids.ts';
export {
  isGuid,
  meterKey,
  parsePrincipalId,
  parseDirectoryTenantId,
  parseMeterId,
  parseRecordId,
  parseSubscriptionId,
} from './ids.ts';
export type { ExactJson } from './json.ts';
export { isJsonObject, NumberText, parseExactJson } from './json.ts';
export type { Currency } from './money.ts';
export { minorUnitsOf, parseCurrency, roundMoney, sumOf } from './money.ts';
export type { ResourceUri } from './resource-uri.ts';
export { parseResourceUri } from './resource-uri.ts';
export type { Rounding, RoundingName } from './rounding.ts';
export {
  ceiling,
  down,
  floor,
  halfAwayFromZero,
  halfEven,
  halfUp,
  roundings,
  up,
} from './rounding.ts';
export { shareOf } from './share.ts';
export { spreadsheetText } from './spreadsheet-text.ts';
export type { DayNumber, HourNumber, Instant } from './time.ts';
export {
  dayFromInstant,
  dayNumber,
  dayOf,
  dayOfHour,
  dayStart,
  firstHourOfDay,
  hourFromInstant,
  hourNumber,
  hourOf,
  hourOfEpochMicroseconds,
  hourStart,
  isUtcMidnight,
  isWholeHour,
} from './time.ts';
export {
  formatWireTime,
  fromEpochMicroseconds,
  parseEpochMicroseconds,
  parseWireTime,
} from './wire-time.ts';
export type { Unit, UnitBasis, UnitKind } from './units.ts';
export { isUnitKind, parseUnitKind, unitKinds, unitOf } from './units.ts';
export { bucketStart, toWireQuantity, usageBucket, type Granularity } from './usage-wire.ts';
export type { TimeWindow } from './window.ts';
export {
  contains,
  daysOf,
  dayWindow,
  hoursOf,
  hourWindow,
  lengthNanoseconds,
  overlapNanoseconds,
  timeWindow,
} from './window.ts';
