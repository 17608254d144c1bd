import { Decimal, parseCurrency } from '../../../kernel/index.ts';
import type { PriceItem, PriceListContent } from '../price.ts';

/** The id of the price list that every installation begins with. */
export const SAMPLE_ID = 'sample';

/** What the sample says of itself, wherever its versions are shown. */
export const sampleNote =
  'Sample figures, not an offer: release prices of July 2017 as they were seen published, in US dollars. Blobs at ' +
  '0.006 for each GB and month are 0.0000083333 for each GB and hour, the published figure for a month of 720 hours ' +
  'cut to ten digits; tables and queues at 0.018 are 0.000025 exactly. Standard disks (page blobs), managed disks and ' +
  'Event Hubs are invented. Publish prices of your own before anything is invoiced.';

const usd = parseCurrency('USD');
const compute = [
  ['FAB6EB84-500B-4A09-A8CA-7358F8BBAEA5', 'Base VM, each vCPU and hour', '0.008'],
  ['9CD92D4C-BAFD-4492-B278-BEDC2DE8232A', 'Windows VM, each vCPU and hour', '0.046'],
  ['190C935E-9ADA-48FF-9AB8-56EA1CF9ADAA', 'App Service, each vCPU and hour', '0.056'],
  ['CB6A35C5-FADE-406C-B14D-6DDB7C4CA3D5', 'Event Hubs, each core and hour (invented)', '0.015'],
] as const;

/**
 * The meters count GB times hours, the prices were published for a month. The published hourly figure divides by 720
 * hours, whatever the month has; 0.006 / 720 does not end, so the sample keeps the ten digits that were published.
 */
const storage = [
  ['09F8879E-87E9-4305-A572-4B7BE209F857', 'Block blobs, each GB and hour', '0.0000083333'],
  ['B4438D5D-453B-4EE1-B42A-DC72E377F1E4', 'Tables, each GB and hour', '0.000025'],
  ['B03C6AE7-B080-4BFA-84A3-22C800F315C6', 'Queues, each GB and hour', '0.000025'],
  ['B5C15376-6C94-4FDD-B655-1A69D138ACA3', 'Page blobs, each GB and hour (invented)', '0.00005'],
] as const;

/** Counted in disks times the share of the calendar month: a price for a month applies as it is. All invented. */
const disks = [
  ['380874f9-300c-48e0-95a0-d2d9a21ade8f', 'S4', '1.6'],
  ['1b77d90f-427b-4435-b4f1-d78adec53222', 'S6', '3.2'],
  ['d5f7731b-f639-404a-89d0-e46186e22c8d', 'S10', '6.4'],
  ['ff85ef31-da5b-4eac-95dd-a69d6f97b18a', 'S15', '12.8'],
  ['88ea9228-457a-4091-adc9-ad5194f30b6e', 'S20', '25.6'],
  ['5b1db88a-8596-4002-8052-347947c26940', 'S30', '51.2'],
  ['14496322-39cb-4d33-b67d-39b0c2de0c8e', 'S40', '102.4'],
  ['8c003d25-afb4-4f21-b1fa-86a5b0f001c7', 'S50', '204.8'],
  ['7660b45b-b29d-49cb-b816-59f30fbab011', 'P4', '3.2'],
  ['817007fd-a077-477f-bc01-b876f27205fd', 'P6', '6.4'],
  ['e554b6bc-96cd-4938-a5b5-0da990278519', 'P10', '12.8'],
  ['cdc0f53a-62a9-4472-a06c-e99a23b02907', 'P15', '25.6'],
  ['b9cb2d1a-84c2-4275-aa8b-70d2145d59aa', 'P20', '51.2'],
  ['06bde724-9f94-43c0-84c3-d0fc54538369', 'P30', '102.4'],
  ['eecb2657-e7e6-47f9-9b00-7f58fa8839cb', 'P40', '204.8'],
  ['43626c21-849b-40fe-8c01-e19666059c38', 'P50', '409.6'],
] as const;

/** Every meter that is paid in the reference, each with one flat price. */
export const samplePrices: PriceListContent = {
  name: 'Sample prices',
  currency: present(usd),
  items: [
    ...[...compute, ...storage].map(([id, name, price]) => flatItem(id, name, price)),
    ...disks.map(([id, tier, price]) =>
      flatItem(id, `Managed disk ${tier}, each disk and month (invented)`, price),
    ),
  ],
};

function flatItem(meterId: string, name: string, unitPrice: string): PriceItem {
  return {
    meterId,
    name,
    scope: 'account',
    price: { kind: 'flat', unitPrice: present(Decimal.parse(unitPrice)) },
    included: Decimal.zero,
  };
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('a figure of the sample cannot be read');
  return value;
}
