/** What a meter is to readers of FOCUS: its service, and units as FOCUS spells them. */
export interface MeterMeaning {
  readonly service: string;
  readonly category: string;
  readonly subcategory: string;
  /** Of the quantity of the meter, and so of its price. */
  readonly pricingUnit: string;
  readonly consumedUnit: string;
  /** How many consumed units are in one of the meter: 10,000 where it counts ten thousands. */
  readonly consumedPerUnit: bigint;
}

type Service = Pick<MeterMeaning, 'service' | 'category' | 'subcategory'>;
type Units = Pick<MeterMeaning, 'pricingUnit' | 'consumedUnit' | 'consumedPerUnit'>;

const service = (name: string, category: string, subcategory: string): Service => ({
  service: name,
  category,
  subcategory,
});

const storage = service('Storage Accounts', 'Storage', 'Storage Platforms');
const machines = service('Virtual Machines', 'Compute', 'Virtual Machines');

/** By the group of the meter in commerce, in lower case. */
const SERVICES: ReadonlyMap<string, Service> = new Map([
  ['network', service('Virtual Network', 'Networking', 'Network Infrastructure')],
  ['tables', storage],
  ['standard disks', storage],
  ['queues', storage],
  ['block blob', storage],
  ['storage', storage],
  ['vm', machines],
  ['windows vm', machines],
  ['compute', machines],
  ['managed disks', service('Managed Disks', 'Storage', 'Block Storage')],
  ['sql rp', service('SQL Server Databases', 'Databases', 'Relational Databases')],
  ['mysql rp', service('MySQL Databases', 'Databases', 'Relational Databases')],
  ['event hubs', service('Event Hubs', 'Integration', 'Messaging')],
  ['key vault', service('Key Vault', 'Security', 'Secret Management')],
  ['app service', service('App Service', 'Web', 'Application Platforms')],
  ['functions', service('Functions', 'Compute', 'Serverless Compute')],
]);

/** Fees, taxes, credits and what rounding leaves are of no service of the cloud. */
export const BILLING: Service = service('Billing', 'Other', 'Other (Other)');

/** A service has one category, also where an operator's own meter has its name. */
const BY_NAME: ReadonlyMap<string, Service> = new Map(
  [...SERVICES.values(), BILLING].map((one) => [one.service.toLowerCase(), one]),
);

const plain = (unit: string): Units => ({
  pricingUnit: unit,
  consumedUnit: unit,
  consumedPerUnit: 1n,
});
const blocks = (count: bigint): Units => ({
  pricingUnit: `${count} Requests`,
  consumedUnit: 'Requests',
  consumedPerUnit: count,
});

/** By the words that the meter has for its unit, in lower case. */
const UNITS: ReadonlyMap<string, Units> = new Map([
  ['ip addresses', plain('Address-Hours')],
  ['ip address', plain('Address-Hours')],
  ['gb*hours', plain('GB-Hours')],
  ['gb*month', plain('GB-Months')],
  ['byte*hours', plain('B-Hours')],
  ['mb*hours', plain('MB-Hours')],
  ['gb', plain('GB')],
  ['ingress data in gb', plain('GB')],
  ['egress in gb', plain('GB')],
  ['gb-s', plain('GB-Seconds')],
  ['virtual core hours', plain('Core-Hours')],
  ['core*hours', plain('Core-Hours')],
  ['vm hours', plain('Instance-Hours')],
  ['1 hour', plain('Hours')],
  ['count of disks*month', plain('Disk-Months')],
  ['count of disks*hours', plain('Disk-Hours')],
  ['per sni ssl binding', plain('Bindings')],
  ['per ip based ssl binding', plain('Bindings')],
  ['request count in 10,000s', blocks(10_000n)],
  ['10k transactions', blocks(10_000n)],
  ['10 requests', blocks(10n)],
]);

/** Units that FOCUS can have: capitalised nouns and sizes, joined by a hyphen or, as a ratio, a slash. */
const WORD = '(?:[A-Z][A-Za-z]*s|(?:[KMGTPE]i?)?[bB])';
const FOCUS_UNIT = new RegExp(`^(?:[1-9][0-9]* )?${WORD}(?:[-/]${WORD})?$`);
const NO_SIZE = /(?:^|[-/ ])(?:[KMGTPE]i?)[bB]s/;

/** Words of a meter of commerce. */
export interface MeterTexts {
  readonly category: string;
  readonly subCategory: string;
  readonly unit: string;
}

/** What a meter means; one that nobody has described counts plain units of a service of its own name. */
export function meaningOf({ category, subCategory, unit }: MeterTexts): MeterMeaning {
  const name = subCategory === '' ? category : subCategory;
  const known = SERVICES.get(name.toLowerCase()) ?? BY_NAME.get(name.toLowerCase());
  const own = known ?? { ...BILLING, service: name === '' ? BILLING.service : name };
  return { ...own, ...unitsOf(unit) };
}

function unitsOf(unit: string): Units {
  const known = UNITS.get(unit.toLowerCase());
  if (known !== undefined) return known;
  return plain(FOCUS_UNIT.test(unit) && !NO_SIZE.test(unit) ? unit : 'Units');
}
