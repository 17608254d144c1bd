import type { Property } from '../model.ts';
import { readingUsage } from './reading-usage.ts';
import type { EntitySet } from './set.ts';

const CLOSED = 'Closed: it never changes again.';

/** Rows of closed days and hours of the stamp, as the usage interfaces have them. */
export const dailyUsage = usageSet({
  name: 'DailyUsage',
  type: 'DailyUsageRow',
  unit: 'day',
  table: 'usage_daily',
  description: `What was used, by day in which it was reported, day of use, resource and meter. ${CLOSED}`,
});
export const hourlyUsage = usageSet({
  name: 'HourlyUsage',
  type: 'HourlyUsageRow',
  unit: 'hour',
  table: 'usage_hourly',
  description: `What was used, by hour in which it was reported, hour of use, resource and meter. ${CLOSED}`,
});

function text(name: string, description: string): Property {
  return { name, type: 'Edm.String', nullable: false, description };
}

function usageSet({
  name,
  type,
  unit,
  table,
  description,
}: {
  readonly name: string;
  readonly type: string;
  readonly unit: 'day' | 'hour';
  readonly table: string;
  readonly description: string;
}): EntitySet {
  const [reported, usage] = [`u.reported_${unit}`, `u.usage_${unit}`];
  const at = (column: string, more = 0): string =>
    `(timestamptz '1970-01-01T00:00Z' + (${column} + ${more}) * interval '${unit === 'day' ? 24 : 1} hours')`;
  return {
    name,
    type,
    description,
    key: ['ReportedTime', 'SubscriptionId', 'UsageStartTime', 'ResourceKey', 'MeterNumber'],
    properties: propertiesOf(unit),
    from: `${table} u
      left join resource r on r.subscription_id = u.subscription_id and r.resource_key = u.resource_key
      left join meter_spelling s on s.spelling = u.spelling
      left join meter m on m.meter = u.meter
      left join subscription n on n.subscription_id = u.subscription_id`,
    columns: {
      ReportedTime: at(reported),
      UsageStartTime: at(usage),
      UsageEndTime: at(usage, 1),
      SubscriptionId: 'u.subscription_id',
      SubscriptionName: 'n.display_name',
      ResourceGroup: `substring(r.resource_uri from '(?i)/resourcegroups/([^/]+)')`,
      ResourceName: `substring(r.resource_uri from '[^/]*$')`,
      ResourceUri: 'r.resource_uri',
      ResourceKey: 'u.resource_key',
      Location: 'r.location',
      Tags: 'r.tags',
      AdditionalInfo: 'r.additional_info',
      MeterNumber: 'u.meter',
      MeterId: 's.spelled',
      MeterName: 'm.name',
      Unit: 'm.unit',
      Quantity: 'u.quantity',
    },
    counted: {
      ReportedTime: { sql: reported, unit },
      UsageStartTime: { sql: usage, unit },
    },
    order: [
      { sql: reported, type: 'int' },
      { sql: 'u.subscription_id', type: 'uuid' },
      { sql: usage, type: 'int' },
      { sql: 'u.resource_key', type: 'uuid' },
      { sql: 'u.meter', type: 'smallint' },
    ],
    sortable: false,
    subscription: 'u.subscription_id',
    reading: readingUsage,
  };
}

function propertiesOf(unit: 'day' | 'hour'): readonly Property[] {
  return [
    {
      name: 'ReportedTime',
      type: 'Edm.DateTimeOffset',
      nullable: false,
      description: `Start of the ${unit} in which it was reported, UTC.`,
    },
    {
      name: 'UsageStartTime',
      type: 'Edm.DateTimeOffset',
      nullable: false,
      description: `Start of the ${unit} in which it was used, UTC.`,
    },
    {
      name: 'UsageEndTime',
      type: 'Edm.DateTimeOffset',
      nullable: false,
      description: 'End of that, which no longer belongs to it.',
    },
    {
      name: 'SubscriptionId',
      type: 'Edm.Guid',
      nullable: false,
      description: 'Subscription that used it.',
    },
    { ...text('SubscriptionName', 'Its name now.'), nullable: true },
    { ...text('ResourceGroup', 'As emitted.'), nullable: true },
    text('ResourceName', 'Last part of the resource URI.'),
    text('ResourceUri', 'As emitted.'),
    {
      name: 'ResourceKey',
      type: 'Edm.Guid',
      nullable: false,
      description: 'Stands for URI, location, tags and additional info together.',
    },
    text('Location', 'As emitted.'),
    text('Tags', 'As emitted: JSON mostly.'),
    text('AdditionalInfo', 'As emitted: JSON mostly.'),
    {
      name: 'MeterNumber',
      type: 'Edm.Int32',
      nullable: false,
      description: 'Number of the meter on this stamp.',
    },
    text('MeterId', 'As emitted.'),
    text('MeterName', 'From the catalogue.'),
    text('Unit', 'From the catalogue.'),
    {
      name: 'Quantity',
      type: 'Edm.Decimal',
      nullable: false,
      description: 'In the unit of the meter, with all digits.',
    },
  ];
}
