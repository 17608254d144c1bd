import type { MeterId, SubscriptionId } from '../../../kernel/index.ts';

/** The CloudEvents type under which the intake takes usage. */
const USAGE_EVENT_TYPE = 'stackmeter.usage';

/** One usage record as an emitter of the stamp hands it over. */
export interface EmittedRecord {
  /** Unique within the source, and the same each time this record is made. */
  readonly id: string;
  readonly source: string;
  readonly subscriptionId: SubscriptionId;
  readonly resourceUri: string;
  readonly meterId: MeterId;
  /** Exact decimal text in the meter's unit. */
  readonly quantity: string;
  /** Start of the hour of use, `2018-06-01T10:00:00+00:00`. */
  readonly usageStartTime: string;
  readonly usageEndTime: string;
  readonly location: string;
  /** Text as Azure Stack Hub writes it: empty, the word null, or JSON. */
  readonly tags: string;
  readonly additionalInfo: string;
}

/** A usage record as a CloudEvent; the quantity stays text, which the intake takes. */
export interface UsageCloudEvent {
  readonly specversion: '1.0';
  readonly type: typeof USAGE_EVENT_TYPE;
  readonly id: string;
  readonly source: string;
  readonly datacontenttype: 'application/json';
  readonly data: Omit<EmittedRecord, 'id' | 'source'>;
}

export function toCloudEvent(record: EmittedRecord): UsageCloudEvent {
  const { id, source, ...data } = record;
  return {
    specversion: '1.0',
    type: USAGE_EVENT_TYPE,
    id,
    source,
    datacontenttype: 'application/json',
    data,
  };
}
