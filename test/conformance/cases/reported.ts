import { hash } from 'node:crypto';
import type { As, WireBody, WireRequest } from '../case.ts';

/** The client of the registration that reports. */
export const STAMP: As = { client: 'stamp' };

export const FIRST_WINDOW = '2018-06-01T00Z';
export const SECOND_WINDOW = '2018-06-01T01Z';
export const THIRD_WINDOW = '2018-06-01T02Z';

export const VM_HOURS = '6dab500f-a4fd-49c4-956d-229bb9c8c793';
export const ADDRESS_HOURS = 'f271a8a388c44d93956a063e1d2fa80b';
/** Subscriptions of the stamp: commerce need not know them. */
export const USER = '7c1e9a40-5b2d-4f83-9e16-2d3a8b4c5e01';
export const USER_WITHOUT_MAPPING = '7c1e9a40-5b2d-4f83-9e16-2d3a8b4c5e02';
/** The first is mapped to a customer, of the other commerce knows nothing. Written out: bodies are hashed. */
const MAPPED_DIRECTORY = '9e3a1c62-7d4f-4ba5-9038-4f5cad6e7b03';
const UNKNOWN_DIRECTORY = '9e3a1c62-7d4f-4ba5-9038-4f5cad6e7bff';
/** Hours since 1970 at the start of the first window. */
const FIRST_HOUR = 424_392;

type Row = readonly [resource: number, meterId: string, hour: number, quantity: string];

const resourceOf = (user: string, directory: string, name: string): readonly string[] => [
  user,
  directory,
  `/subscriptions/${user}/resourceGroups/web/providers/${name}`,
  'local',
  '{"env":"prod"}',
  '{"ServiceType":"Standard_A2"}',
];

/** The body of a batch, as a stamp writes it. */
export function batchText(window: string, sequence: number, rows: readonly Row[]): string {
  const resources = [
    resourceOf(USER, MAPPED_DIRECTORY, 'Microsoft.Compute/virtualMachines/vm1'),
    resourceOf(USER_WITHOUT_MAPPING, UNKNOWN_DIRECTORY, 'Microsoft.Network/publicIPAddresses/ip1'),
  ];
  return JSON.stringify({ version: 1, window, sequence, resources, rows });
}

export const FIRST_BATCH = batchText(FIRST_WINDOW, 1, [
  [0, VM_HOURS, FIRST_HOUR - 1, '1.5'],
  [0, VM_HOURS, FIRST_HOUR, '0.12345678901234567890123456789'],
  [1, ADDRESS_HOURS, FIRST_HOUR, '1'],
]);
export const SECOND_BATCH = batchText(FIRST_WINDOW, 2, [[0, VM_HOURS, FIRST_HOUR - 2, '2']]);
export const LATER_BATCH = batchText(SECOND_WINDOW, 1, [[1, ADDRESS_HOURS, FIRST_HOUR + 1, '1']]);

/** How a batch is named in receipts and manifests. */
export const digestOf = (...bodies: readonly string[]): string =>
  hash('sha256', bodies.map((body) => hash('sha256', body)).join('\n'));

/** What the first window has of it. */
export const VM_SUM = '3.62345678901234567890123456789';

/** The manifest of the first window, which adds up. */
export const FIRST_MANIFEST = {
  version: 1,
  window: FIRST_WINDOW,
  batches: 2,
  rows: 4,
  digest: digestOf(FIRST_BATCH, SECOND_BATCH),
  meters: [
    [VM_HOURS, 3, VM_SUM],
    [ADDRESS_HOURS, 1, '1'],
  ],
} as const;

/** The manifest of a window in which nothing was used. */
export const EMPTY_MANIFEST = {
  version: 1,
  window: SECOND_WINDOW,
  batches: 0,
  rows: 0,
  digest: digestOf(),
  meters: [],
} as const;

export const REPORTED = '/api/v1/reported-usage/{stampRegistrationId}';

/** A request of the stamp below its registration. */
export const report = (
  method: string,
  path: string,
  body?: WireBody,
  as: As = STAMP,
): WireRequest => ({
  method,
  path: `/api/v1/reported-usage/{${as.client}RegistrationId}${path}`,
  as,
  ...(body && { body, headers: { 'content-type': 'application/json' } }),
});
