/**
 * The records that the bench sends: a stamp of a given size that reports four times an hour.
 *
 * Bodies are made by writing digits into a template, so that making them costs next to nothing beside what is
 * measured; a sender that shares two cores with the server must not be the bottleneck.
 */

export const SUBSCRIPTIONS = 400;

/** Meters of each resource; ids in the case in which they are emitted. */
const METERS = [
  '6dab500f-a4fd-49c4-956d-229bb9c8c793',
  'fab6eb84-500b-4a09-a8ca-7358f8bbaea5',
  '9cd92d4c-bafd-4492-b278-bedc2de8232a',
  'F271A8A388C44D93956A063E1D2FA80B',
] as const;

/** Records of one resource and meter in one usage hour, which become one row. */
export const RECORDS_PER_ROW = 4;

/** Usage hours that records fall into, the latest one over by the time they are sent. */
const USAGE_HOURS = 24;

export interface Workload {
  /** resource and meter pairs; each sends one record a round */
  readonly pairs: number;
  /** hours since 1970-01-01T00:00Z of the first usage hour */
  readonly firstUsageHour: number;
  /** keeps the ids of one run apart from those of another */
  readonly run: string;
}

/** A workload in which `records` records make about a quarter as many rows. */
export function workloadOf(records: number, presentHour: number, run: string): Workload {
  const rounds = RECORDS_PER_ROW * USAGE_HOURS;
  return {
    pairs: Math.max(4000, Math.ceil(records / rounds / 4) * 4),
    firstUsageHour: presentHour - USAGE_HOURS - 1,
    run,
  };
}

export function subscriptionId(index: number): string {
  return `5b5b5b5b-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

const SUBSCRIPTION = subscriptionId(0);
const ID = '000000000000';
const MACHINE = '0000000';
const START = '2026-01-01T00:00:00Z';

function recordTemplate(meter: string, run: string): string {
  return (
    `{"specversion":"1.0","id":"${run}-${ID}","source":"/providers/Microsoft.Compute","type":"stackmeter.usage",` +
    `"data":{"subscriptionId":"${SUBSCRIPTION}","resourceUri":"/subscriptions/${SUBSCRIPTION}/resourceGroups/` +
    `production/providers/Microsoft.Compute/virtualMachines/vm${MACHINE}","meterId":"${meter}","quantity":1.000000,` +
    `"usageStartTime":"${START}","usageEndTime":"${START}","location":"local","tags":"null",` +
    `"additionalInfo":"{\\"ServiceType\\":\\"Standard_D2_v2\\",\\"ImageType\\":null}"}}`
  );
}

/** Where in a record's text the digits are that change. */
interface Slots {
  readonly id: number;
  readonly subscriptions: readonly [number, number];
  readonly machine: number;
  readonly fraction: number;
  readonly start: number;
  readonly end: number;
}

function slotsOf(text: string): Slots {
  const first = text.indexOf(SUBSCRIPTION);
  const start = text.indexOf(START);
  return {
    id: text.indexOf(ID),
    subscriptions: [first + 24, text.indexOf(SUBSCRIPTION, first + 1) + 24],
    machine: text.indexOf(`vm${MACHINE}`) + 2,
    fraction: text.indexOf('1.000000') + 2,
    start,
    end: text.indexOf(START, start + 1),
  };
}

/**
 * Makes bodies of `size` records, numbered on from where the last one ended. The buffer is used again: send it before
 * asking for the next one.
 */
export function bodyMaker(workload: Workload, size: number): (firstRecord: number) => Buffer {
  const templates = METERS.map((meter) => recordTemplate(meter, workload.run));
  const text = `[${Array.from({ length: size }, (_, i) => templates[i % METERS.length]).join(',')}]`;
  const body = Buffer.from(text, 'latin1');
  const slots: Slots[] = [];
  const offsets: number[] = [];
  for (let i = 0, at = 1; i < size; i++) {
    const template = templates[i % METERS.length]!;
    slots.push(slotsOf(template));
    offsets.push(at);
    at += template.length + 1;
  }
  const times = Array.from({ length: USAGE_HOURS + 1 }, (_, i) =>
    Temporal.Instant.fromEpochMilliseconds((workload.firstUsageHour + i) * 3_600_000).toString(),
  );
  return (firstRecord) => {
    for (let i = 0; i < size; i++) {
      const record = firstRecord + i;
      const { id, subscriptions, machine, fraction, start, end } = slots[i]!;
      const at = offsets[i]!;
      const pair = record % workload.pairs;
      const hour = Math.floor(record / workload.pairs / RECORDS_PER_ROW) % USAGE_HOURS;
      const resource = pair >> 2;
      writeDigits(body, at + id, 12, record);
      writeDigits(body, at + subscriptions[0], 12, resource % SUBSCRIPTIONS);
      writeDigits(body, at + subscriptions[1], 12, resource % SUBSCRIPTIONS);
      writeDigits(body, at + machine, 7, resource);
      writeDigits(body, at + fraction, 6, (record * 7919) % 1_000_000);
      body.write(times[hour]!, at + start, 'latin1');
      body.write(times[hour + 1]!, at + end, 'latin1');
    }
    return body;
  };
}

function writeDigits(body: Buffer, at: number, width: number, value: number): void {
  let rest = value;
  for (let i = width - 1; i >= 0; i--) {
    const next = Math.floor(rest / 10);
    body[at + i] = 0x30 + (rest - next * 10);
    rest = next;
  }
}
