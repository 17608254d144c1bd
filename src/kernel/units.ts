/**
 * What one unit of a meter's quantity stands for. The list is closed: a new kind is a change here,
 * since pricing and display decide by it.
 *
 * `per` says what the quantity grows with: `hour` and `month` kinds grow with the
 * time for which a resource exists, `use` kinds only with what it does. `unknown` marks a kind whose
 * time basis the emitters do not publish; do not convert it.
 */
const kinds = {
  'GB-hours': { per: 'hour', description: 'gigabytes (2^30 bytes) held, times hours' },
  'MB-hours': { per: 'hour', description: 'megabytes (2^20 bytes) held, times hours' },
  'byte-hours': { per: 'hour', description: 'bytes held, times hours' },
  'GB-months': {
    per: 'month',
    description: 'gigabytes (2^30 bytes) held, times the share of the calendar month in UTC',
  },
  'disk-hours': { per: 'hour', description: 'disks held, times hours' },
  'disk-months': {
    per: 'month',
    description: 'disks held, times the share of the calendar month in UTC',
  },
  'address-hours': { per: 'hour', description: 'public IP addresses held, times hours' },
  'vm-hours': { per: 'hour', description: 'virtual machines allocated, times hours' },
  'vcpu-hours': { per: 'hour', description: 'virtual cores allocated to machines, times hours' },
  'core-hours': { per: 'hour', description: 'cores of deployed clusters, times hours' },
  'instance-hours': { per: 'hour', description: 'instances of a service plan, times hours' },
  hours: { per: 'hour', description: 'apps in a shared or free plan, times hours' },
  bindings: {
    per: 'unknown',
    description: 'certificate bindings; for how long one counts is not published',
  },
  'site-months': {
    per: 'month',
    description: 'sites held, times the share of the calendar month in UTC',
  },
  GB: { per: 'use', description: 'gigabytes (2^30 bytes) transferred' },
  'GB-seconds': {
    per: 'use',
    description: 'gigabytes of memory in use, times seconds of execution',
  },
  '10-requests': { per: 'use', description: 'requests in tens: one request is 0.1' },
  '10k-requests': { per: 'use', description: 'requests in ten-thousands: one request is 0.0001' },
} as const;

/** The name of a kind of unit, for example `GB-hours`. */
export type UnitKind = keyof typeof kinds;

/** Whether a quantity grows with hours, with shares of a month, with use alone, or unknown how. */
export type UnitBasis = (typeof kinds)[UnitKind]['per'];

/** A kind of unit and what it stands for. */
export interface Unit {
  readonly kind: UnitKind;
  readonly per: UnitBasis;
  /** What one unit counts, in words for a page or a document. */
  readonly description: string;
}

/** Every kind of unit. */
export const unitKinds: readonly UnitKind[] = Object.keys(kinds).filter(isUnitKind);

/** Whether the text names a kind of unit, in exactly this spelling. */
export function isUnitKind(text: string): text is UnitKind {
  return Object.hasOwn(kinds, text);
}

/** Reads the name of a kind of unit; undefined when the list has no such kind. */
export function parseUnitKind(text: string): UnitKind | undefined {
  return isUnitKind(text) ? text : undefined;
}

/** What a kind of unit stands for. */
export function unitOf(kind: UnitKind): Unit {
  return { kind, ...kinds[kind] };
}
