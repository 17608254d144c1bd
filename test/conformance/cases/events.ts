import type { As, Expectation, WireBody, WireRequest } from '../case.ts';

export const EMITTER: As = { client: 'emitter' };
export const OPERATOR: As = { client: 'operator' };

export const STRUCTURED = { 'content-type': 'application/cloudevents+json' };
export const BATCH = { 'content-type': 'application/cloudevents-batch+json' };
export const LINES = { 'content-type': 'application/x-ndjson' };

/** The data of a record that is counted. */
export const DATA = {
  subscriptionId: '{tenantSubscription}',
  resourceUri:
    '/subscriptions/{tenantSubscription}/resourceGroups/web-rg/providers/Microsoft.Compute/virtualMachines/web01',
  meterId: '6dab500f-a4fd-49c4-956d-229bb9c8c793',
  quantity: 1,
  usageStartTime: '2018-06-01T10:00:00Z',
  usageEndTime: '2018-06-01T11:00:00Z',
  location: 'local',
  tags: '',
  additionalInfo: '',
} as const;

/** An event; its id is another in each run. */
export function eventOf(id: string, changes: object = {}, envelope: object = {}): object {
  return {
    specversion: '1.0',
    type: 'stackmeter.usage',
    source: '/conformance/{unique}',
    id,
    data: { ...DATA, ...changes },
    ...envelope,
  };
}

export function post(
  body: WireBody,
  headers: Readonly<Record<string, string>> = STRUCTURED,
  as: As = EMITTER,
): WireRequest {
  return { method: 'POST', path: '/api/v1/events', headers, as, body };
}

export const COUNTED: Expectation = { status: 204, text: '' };
