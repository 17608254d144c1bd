import { fail, isJsonObject, NumberText, type StackmeterError } from '../../kernel/index.ts';

/** The CloudEvents type of a usage record. */
export const USAGE_EVENT_TYPE = 'stackmeter.usage';

/**
 * A usage record as its emitter wrote it: shape known, meaning not yet checked.
 * Quantity is text, whatever the emitter wrote: it never passes through a binary number that could change it.
 */
export interface UsageEvent {
  readonly source: string;
  readonly id: string;
  readonly subscriptionId: string;
  readonly resourceUri: string;
  readonly meterId: string;
  readonly quantity: string;
  readonly usageStartTime: string;
  readonly usageEndTime: string;
  readonly location: string;
  readonly tags: string;
  readonly additionalInfo: string;
}

/** Longest accepted text of each property, in characters. */
export const LIMITS = {
  source: 1024,
  id: 256,
  resourceUri: 2048,
  meterId: 128,
  location: 128,
  tags: 16_384,
  additionalInfo: 16_384,
} as const;

/** What is known of a record that was refused before its shape was clear. */
export interface EventFault {
  readonly fault: StackmeterError;
  readonly source: string | undefined;
  readonly id: string | undefined;
}

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads one CloudEvent that carries a usage record.
 *
 * @param sourceText gives the JSON text of a value of this event by its path, for values whose text must be kept
 */
export function readUsageEvent(
  value: unknown,
  sourceText: (path: readonly string[]) => string,
): UsageEvent | EventFault {
  if (!isJsonObject(value)) {
    return fault(invalid('event', 'a JSON object'), undefined);
  }
  const { source, id } = value;
  if (typeof id !== 'string' || id === '') return fault(invalid('id', 'text, not empty'), value);
  if (typeof source !== 'string' || source === '') {
    return fault(invalid('source', 'text, not empty'), value);
  }
  if (value['specversion'] !== '1.0') return fault(invalid('specversion', '"1.0"'), value);
  if (value['type'] !== USAGE_EVENT_TYPE) {
    const type = typeof value['type'] === 'string' ? value['type'].slice(0, 100) : '';
    return fault(fail('UnsupportedEventType', { type, supported: USAGE_EVENT_TYPE }), value);
  }
  const data = value['data'];
  if (!isJsonObject(data)) return fault(invalid('data', 'a JSON object'), value);
  return readData(source, id, data, sourceText, value);
}

function readData(
  source: string,
  id: string,
  data: Members,
  sourceText: (path: readonly string[]) => string,
  whole: Members,
): UsageEvent | EventFault {
  const { subscriptionId, resourceUri, meterId, usageStartTime, usageEndTime } = data;
  if (typeof subscriptionId !== 'string') return missing('subscriptionId', whole);
  if (typeof resourceUri !== 'string') return missing('resourceUri', whole);
  if (typeof meterId !== 'string') return missing('meterId', whole);
  if (typeof usageStartTime !== 'string') return missing('usageStartTime', whole);
  if (typeof usageEndTime !== 'string') return missing('usageEndTime', whole);
  const quantity = quantityText(data['quantity']);
  if (quantity === undefined) {
    return fault(invalid('data.quantity', 'a number, or text that holds one'), whole);
  }
  const location = data['location'] ?? '';
  if (typeof location !== 'string') return missing('location', whole);
  return {
    source,
    id,
    subscriptionId,
    resourceUri,
    meterId,
    quantity,
    usageStartTime,
    usageEndTime,
    location,
    tags: keptText(data['tags'], ['data', 'tags'], sourceText),
    additionalInfo: keptText(data['additionalInfo'], ['data', 'additionalInfo'], sourceText),
  };
}

/** The exact reader gives numbers as text; the fast one gives plain numbers, used where they cannot lose a digit. */
function quantityText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (value instanceof NumberText) return value.text;
  return undefined;
}

function keptText(
  value: unknown,
  path: readonly string[],
  sourceText: (path: readonly string[]) => string,
): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : sourceText(path);
}

function missing(property: string, event: Members): EventFault {
  return fault(invalid(`data.${property}`, 'text'), event);
}

function invalid(field: string, expected: string): StackmeterError {
  return fail('InvalidEvent', { field, rule: `has to be ${expected}` });
}

function fault(error: StackmeterError, event: Members | undefined): EventFault {
  return { fault: error, source: shortText(event?.['source']), id: shortText(event?.['id']) };
}

function shortText(value: unknown): string | undefined {
  return typeof value === 'string' ? storable(value.slice(0, LIMITS.source)) : undefined;
}

/** PostgreSQL keeps no U+0000 in text, and no half of a surrogate pair: each becomes a replacement character. */
export function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').toWellFormed();
}
