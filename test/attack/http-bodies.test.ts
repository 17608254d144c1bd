import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { SUBSCRIPTIONS } from '../conformance/fixture.ts';
import { withTestDatabase } from '../support/database.ts';
import { withServer } from '../support/server.ts';
import { withBystander } from './support/bystander.ts';
import { forEachOf } from './support/https.ts';
import { bombs, broken, MEBIBYTE, values } from './support/payloads.ts';
import { exchange } from './support/raw.ts';
import { assertEnvelope, assertNothingInside, createFindings } from './support/refused.ts';
import { withAttackedStamp } from './support/stamp.ts';

const T = SUBSCRIPTIONS.tenantSubscription;
const record = (changes: string): string =>
  `{"subscriptionId":"${T}","resourceUri":"/subscriptions/${T}/resourceGroups/g/providers/A.B/c/d","meterId":"6dab500f-a4fd-49c4-956d-229bb9c8c793","quantity":1,"usageStartTime":"2018-06-02T03:00:00Z","usageEndTime":"2018-06-02T04:00:00Z"${changes}}`;
const event = (changes: string): string =>
  `{"specversion":"1.0","id":"${randomUUID()}","source":"attack","type":"stackmeter.usage","subject":"${SUBSCRIPTIONS.tenantSubscription}"${changes}}`;
interface Target {
  readonly method: string;
  readonly path: string;
  readonly type: string;
  /** A body with the value where a text belongs. */
  readonly around: (value: string) => string;
}

/** Of the operator's directory. */
function directoryTargets(root: string): readonly Target[] {
  const admin = `/subscriptions/${root}/providers/Microsoft.Subscriptions.Admin`;
  const group = `/subscriptions/${root}/resourceGroups/g/providers/Microsoft.Subscriptions.Admin`;
  const version = 'api-version=2015-11-01';
  const json = 'application/json';
  return [
    {
      method: 'PATCH',
      path: `${admin}/subscriptions/${SUBSCRIPTIONS.bigSubscription}?${version}`,
      type: json,
      around: (value) => `{"displayName":${value}}`,
    },
    {
      method: 'PATCH',
      path: `${admin}/subscriptions/${SUBSCRIPTIONS.bigSubscription}?${version}`,
      type: json,
      around: (value) => `{"externalReferenceId":${value},"state":${value}}`,
    },
    {
      method: 'POST',
      path: `${admin}/checkNameAvailability?${version}`,
      type: json,
      around: (value) => `{"name":${value},"resourceType":"x/offers"}`,
    },
    {
      method: 'POST',
      path: `${admin}/moveSubscriptions?${version}`,
      type: json,
      around: (value) => `{"resources":[${value}]}`,
    },
    {
      method: 'PUT',
      path: `${group}/plans/attacked?${version}`,
      type: json,
      around: (value) =>
        `{"location":"local","properties":{"displayName":${value},"quotaIds":[${value}]}}`,
    },
    {
      method: 'PUT',
      path: `${group}/offers/attacked?${version}`,
      type: json,
      around: (value) => `{"properties":{"description":${value},"externalReferenceId":${value}}}`,
    },
  ];
}

/** Roles, meters and the quarantine. */
function otherTargets(): readonly Target[] {
  const roles = `/subscriptions/${SUBSCRIPTIONS.tenantSubscription}/providers/Microsoft.Authorization`;
  const json = 'application/json';
  return [
    {
      method: 'PUT',
      path: `${roles}/roleAssignments/${randomUUID()}?api-version=2015-07-01`,
      type: json,
      around: (value) => `{"properties":{"roleDefinitionId":${value},"principalId":${value}}}`,
    },
    {
      method: 'PUT',
      path: `${roles}/roleAssignments/${randomUUID()}?api-version=2015-07-01`,
      type: json,
      around: (value) =>
        `{"properties":{"roleDefinitionId":"acdd72a7-3385-48ef-bd42-f606fba81ae7","principalId":"${randomUUID()}","providers":${value}}}`,
    },
    {
      method: 'POST',
      path: '/api/v1/meters',
      type: json,
      around: (value) => `{"id":${value},"name":"a","unit":"b","resourceProvider":"A.B"}`,
    },
    {
      method: 'POST',
      path: '/api/v1/meters',
      type: json,
      around: (value) =>
        `{"id":"${randomUUID()}","name":${value},"unit":${value},"category":${value},"resourceProvider":"A.B"}`,
    },
    {
      method: 'POST',
      path: '/api/v1/quarantine/1/discard',
      type: json,
      around: (value) => `{"reason":${value}}`,
    },
  ];
}

/** Usage. */
function recordTargets(): readonly Target[] {
  const cloud = 'application/cloudevents+json';
  return [
    {
      method: 'POST',
      path: '/api/v1/events',
      type: cloud,
      around: (value) => event(`,"data":${record(`,"quantity":${value}`)}`),
    },
    {
      method: 'POST',
      path: '/api/v1/events',
      type: cloud,
      around: (value) => event(`,"data":${record(`,"tags":${value},"additionalInfo":${value}`)}`),
    },
    {
      method: 'POST',
      path: '/api/v1/events',
      type: cloud,
      around: (value) => event(`,"data":${record(`,"location":${value}`)}`),
    },
    {
      method: 'POST',
      path: '/api/v1/events',
      type: cloud,
      around: (value) => event(`,"data":${record(`,"resourceUri":${value},"meterId":${value}`)}`),
    },
    {
      method: 'POST',
      path: '/api/v1/events',
      type: cloud,
      around: (value) => event(`,"data":${record(`,"usageStartTime":${value}`)}`),
    },
    {
      method: 'POST',
      path: '/api/v1/events',
      type: cloud,
      around: (value) => event(`,"data":${value}`),
    },
    {
      method: 'POST',
      path: '/api/v1/events',
      type: cloud,
      around: (value) =>
        event(
          `,"extension":${value},"data":{"quantity":${value},"tags":${value},"resourceUri":${value}}`,
        ),
    },
    {
      method: 'POST',
      path: '/api/v1/events',
      type: 'application/cloudevents-batch+json',
      around: (value) => `[${event(`,"time":${value}`)},${value}]`,
    },
    {
      method: 'POST',
      path: '/api/v1/events',
      type: 'application/x-ndjson',
      around: (value) => `${event('')}\n${value}`,
    },
  ];
}

const allTargets = (root: string): readonly Target[] => [
  ...directoryTargets(root),
  ...otherTargets(),
  ...recordTargets(),
];

describe('bodies', () => {
  const db = withTestDatabase();
  describe('sent to a whole server', () => {
    const stamp = withAttackedStamp(withServer(db));
    describe('as an attack', () => {
      withBystander(stamp);

      it('that are large once inflated, or cannot be, are refused', async () => {
        const findings = createFindings();
        await forEachOf(bombs, 3, async ([what, coding, body]) => {
          await findings.check(async () => {
            const { status, headers, text, ms } = await stamp.as('emitter', {
              method: 'POST',
              path: '/api/v1/events',
              headers: { 'content-type': 'application/json', 'content-encoding': coding },
              body,
            });
            assertEnvelope({ status, type: headers['content-type'] ?? '', text }, what);
            assert.ok(ms < 3_000, `${what} takes ${ms} ms`);
          });
        });
        findings.assertNone();
      });

      it('over the limits are refused, with and without a length', async () => {
        const kinds = [
          ['/api/v1/events', 'application/json', 16 * MEBIBYTE, 'POST'],
          [
            `/subscriptions/${SUBSCRIPTIONS.tenantSubscription}?api-version=2015-11-01`,
            'application/json',
            MEBIBYTE,
            'PATCH',
          ],
        ] as const;
        const { token } = stamp.actor('owner');
        const emitter = stamp.actor('emitter').token;
        for (const [path, type, limit, method] of kinds) {
          const bearer = path === '/api/v1/events' ? emitter : token;
          const head = `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${bearer}\r\nContent-Type: ${type}\r\n`;
          const body = Buffer.alloc(limit + 1, ' ');
          const size = (limit + 1).toString(16);
          for (const bytes of [
            [Buffer.from(`${head}Content-Length: ${limit + 1}\r\n\r\n`), body],
            [
              Buffer.from(`${head}Transfer-Encoding: chunked\r\n\r\n${size}\r\n`),
              body,
              Buffer.from('\r\n0\r\n\r\n'),
            ],
            // What is only announced is refused at once.
            [Buffer.from(`${head}Content-Length: ${'9'.repeat(18)}\r\n\r\n`)],
            [
              Buffer.from(
                `${head}Expect: 100-continue\r\nContent-Length: ${'9'.repeat(15)}\r\n\r\n`,
              ),
            ],
          ]) {
            const { answers, text } = await exchange(stamp.server, bytes);
            const last = answers.at(-1);
            assert.ok(last, `${path}: ${text}`);
            const told = { status: last.status, text: last.body };
            const answerType = last.headers.get('content-type') ?? '';
            assertEnvelope({ ...told, type: answerType }, path, [413]);
          }
        }
      });

      it('with values of every kind never fail the server', async () => {
        const root = stamp.server.stamp.defaultProviderSubscriptionId;
        const findings = createFindings();
        const all = allTargets(root).flatMap((target) => [
          ...values.map(([what, value]) => [what, target, target.around(value)] as const),
          ...broken.map(([what, body]) => [what, target, body] as const),
        ]);
        await forEachOf(all, 4, async ([what, { method, path, type }, body]) => {
          await findings.check(async () => {
            const { status, headers, text, ms } = await stamp.as('operator', {
              method,
              path,
              headers: { 'content-type': type },
              body,
            });
            const shown = `${what} to ${method} ${path} as ${type}`;
            if (status >= 400) {
              assertEnvelope({ status, type: headers['content-type'] ?? '', text }, shown);
            } else {
              assertNothingInside(text, shown);
            }
            assert.ok(ms < 3_000, `${shown} takes ${ms} ms`);
            assert.ok(text.length < 50_000, `${shown}: an answer of ${text.length} characters`);
          });
        });
        findings.assertNone();
        assert.equal(Object.hasOwn(Object.prototype, 'isOperator'), false);
      });

      it('of other types than they are taken in are refused', async () => {
        const findings = createFindings();
        const types = [
          'text/plain',
          'multipart/form-data; boundary=a',
          'application/xml',
          'a',
          '',
          'application/json;charset=utf-16',
        ];
        const root = stamp.server.stamp.defaultProviderSubscriptionId;
        for (const { method, path } of allTargets(root)) {
          for (const type of types) {
            await findings.check(async () => {
              const { status, headers, text } = await stamp.as('operator', {
                method,
                path,
                headers: { 'content-type': type },
                body: Buffer.from('\ufeff{"displayName":"a"}', 'utf16le'),
              });
              const shown = `${method} ${path} as ${type}`;
              assertEnvelope(
                { status, type: headers['content-type'] ?? '', text },
                shown,
                [400, 415],
              );
            });
          }
        }
        findings.assertNone();
      });
    });
  });
});
