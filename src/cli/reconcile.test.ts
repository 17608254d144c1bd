import assert from 'node:assert/strict';
import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { withTestDatabase } from '../../test/support/database.ts';
import { compute, submission, storage, withUsageStamp } from '../../test/support/usage.ts';
import { Decimal, fail, hourOf, meterKey, type SubscriptionId } from '../kernel/index.ts';
import { closeWindows, openPresentHour } from '../stamp/aggregation/index.ts';
import {
  readReconciliationRequest,
  type ReceivedTotals,
  type ReconciliationRequest,
} from '../stamp/reconciliation/index.ts';
import { Arguments } from './arguments.ts';
import { makeContext } from './context.ts';
import { alignPoints } from './reconcile-text.ts';
import { reconcileReported, tell, type ReconcileStyle } from './reconcile.ts';

const START = Temporal.Instant.from('2026-03-01T20:10:00Z');
const FIRST: number = hourOf(START);
const DAY = Math.floor(FIRST / 24);
const HOUR_MS = 3_600_000;

interface Told {
  readonly exitCode: number;
  readonly out: string;
}

describe('reconcile', () => {
  const stamp = withUsageStamp(START);
  let [id, received]: [SubscriptionId | undefined, ReceivedTotals | undefined] = [
    undefined,
    undefined,
  ];

  before(async () => {
    id = await stamp.newSubscription();
    const [emitter, engine] = [await stamp.newEmitter(), stamp.engine()];
    await stamp.openHour();
    for (const quantity of ['1.25', '10', '0.5']) {
      const counted = [compute, storage].map(({ id: meterId }) =>
        stamp.usage(id!, { meterId, quantity }),
      );
      await engine.submit(submission(emitter, ...counted));
      if (quantity === '0.5') break;
      stamp.clock.advance(HOUR_MS);
      await openPresentHour(stamp);
      await closeWindows(stamp, stamp.clock.now());
    }
  });

  /** Commerce has accepted the first hour, in which it took this much of each meter. */
  const accepted = (quantity: string): ReceivedTotals => ({
    billing: async () => undefined,
    registrationId: 'eeeeeeee-0000-4000-8000-000000000001',
    offSince: undefined,
    bridge: async () => ({
      firstWindow: FIRST,
      nextWindow: FIRST + 1,
      stuck: 'refused',
      error: { code: 'RegistrationExpired', message: 'The registration ended.' },
    }),
    progress: async () => ({
      registrationId: 'eeeeeeee-0000-4000-8000-000000000001',
      status: 'Expired',
      billingModel: 'PayAsYouUse',
      periods: [
        { fromWindow: FIRST, nextWindow: FIRST + 1, endReason: undefined, endedAt: undefined },
      ],
    }),
    totals: async () =>
      [compute, storage].map((meter) => ({
        day: DAY,
        subscriptionId: id!,
        meterKey: meterKey(meter.id),
        rows: 1n,
        quantity: Decimal.parse(quantity)!,
        onBase: Decimal.parse(meter === compute ? quantity : '0')!,
        unpaid: Decimal.parse(meter === storage ? quantity : '0')!,
      })),
  });

  const run = async (
    style: Partial<ReconcileStyle> & Partial<ReconciliationRequest> = {},
  ): Promise<Told> => {
    const chunks: string[] = [];
    const out = new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk.toString());
        done();
      },
    });
    const { json = false, all = false, ...asked } = style;
    const texts = { from: undefined, to: undefined, by: undefined };
    const request = { ...readReconciliationRequest(texts, stamp.clock.now()), ...asked };
    const { database, clock } = stamp;
    const progress = { update: () => undefined, end: () => undefined };
    const output = { out, err: out, isScreen: false };
    const tools = { database, clock, received };
    try {
      const exitCode = await tell(tools, request, { json, all }, { output, progress });
      return { exitCode, out: chunks.join('') };
    } catch (error) {
      assert.ok(error instanceof Error);
      return { exitCode: 1, out: `${chunks.join('')}thrown: ${error.message}\n` };
    }
  };

  it('tells a stamp that is not activated that all of it is unregistered time', async () => {
    const { exitCode, out } = await run();
    assert.equal(exitCode, 0);
    assert.match(out, /Everything is explained: of 6 rows of the stamp commerce received 0; /);
    assert.match(out, /unregistered time 6\. The stamp is not activated/);
  });

  it('shows quantities below each other, causes with windows, where it went and the verdict', async () => {
    received = accepted('1.25');
    const { exitCode, out } = await run();
    assert.equal(exitCode, 0);
    assert.equal(out, GOLDEN);
  });

  it('shows what is billed, what waits, and what is not billed as it was received', async () => {
    const billed = (quantity: string, ratedUpTo = FIRST + 1): ReceivedTotals => ({
      ...accepted('1.25'),
      billing: async () => ({ ratedUpTo, totals: (span) => accepted(quantity).totals(span) }),
    });
    received = billed('1.25');
    const same = await run();
    assert.equal(same.exitCode, 0);
    assert.match(same.out, /^METER +UNIT +STAMP +RECEIVED +BILLED +DIFFERENCE +CAUSES$/m);
    assert.match(same.out, /^Base VM .* 11\.75 +1\.25 +1\.25 +10\.5 +not yet closed/m);
    assert.match(same.out, /commerce received 2 and billed 2; not yet closed 2, refused 2\./);
    received = billed('1.25', FIRST);
    const waiting = await run();
    assert.equal(waiting.exitCode, 0);
    assert.match(waiting.out, /refused 10, not yet rated 1\.25$/m);
    assert.match(waiting.out, /and billed 0; not yet closed 2, refused 2, not yet rated 2\./);
    received = billed('1');
    const wrong = await run();
    assert.equal(wrong.exitCode, 3);
    assert.match(wrong.out, /not billed 0\.25 at 1 place$/m);
    assert.match(wrong.out, /Not billed as received\nDAY .*\n2026-03-01 .* 1\.25 +1 +0\.25 +0$/m);
    assert.match(wrong.out, /at 2 places .* what is billed is not what was received/);
    received = accepted('1.25');
  });

  it('shows rows where quantities cannot be added', async () => {
    const { out } = await run({ by: ['day', 'subscription'] });
    assert.match(out, /^DAY +SUBSCRIPTION +STAMP ROWS +RECEIVED ROWS +DIFFERENCE ROWS +CAUSES$/m);
    assert.match(out, /^2026-03-01 .* 6 +2 +4 +not yet closed 2 rows, refused 2 rows$/m);
  });

  it('ends with 3 and shows the places when something is unexplained', async () => {
    received = accepted('1.2');
    const { exitCode, out } = await run();
    assert.equal(exitCode, 3);
    assert.match(out, /unexplained 0\.05 at 1 place$/m);
    assert.match(out, /^2026-03-01 .*11\.75 +1\.2 +0\.05 +0$/m);
    assert.match(out, /Not everything is explained: at 2 places/);
  });

  it('has everything as JSON', async () => {
    const { exitCode, out } = await run({ json: true, by: ['meter', 'subscription'] });
    const answer: unknown = JSON.parse(out);
    assert.equal(exitCode, 3);
    assert.ok(typeof answer === 'object' && answer !== null);
    assert.deepEqual(Object.keys(answer), [
      'from',
      'to',
      'by',
      'lines',
      'commerce',
      'rows',
      'causes',
      'refusal',
      'booked',
      'unexplained',
      'verdict',
    ]);
    const empty: unknown = JSON.parse((await run({ json: true, from: 0, to: 5 })).out);
    assert.match(JSON.stringify(empty), /"lines":\[\]/);
  });

  it('shows the side of the stamp, then fails, when commerce does not answer', async () => {
    const totals = (): Promise<never> =>
      Promise.reject(fail('CommerceUnreachable', { url: 'https://c', reason: 'it is off' }));
    received = { ...accepted('1.25'), totals };
    const { exitCode, out } = await run();
    assert.equal(exitCode, 1);
    assert.match(out, /^.* 11\.75 +\? +\? +not yet closed 0\.5, refused 10, receipts for 1\.25$/m);
    assert.match(out, /Commerce did not answer: the 6 rows of the stamp cannot be compared/);
    assert.match(out, /thrown: Commerce at https:\/\/c did not answer as it should: it is off/);
  });

  it('says what is wrong with a window that the stamp cannot report', async () => {
    const error = { code: 'ReportedWindowUnfit', message: 'It does not add up.' };
    const bridge = async () =>
      ({ firstWindow: FIRST, nextWindow: FIRST + 1, stuck: 'not fit to be sent', error }) as const;
    received = { ...accepted('1.25'), bridge };
    const { out } = await run();
    assert.match(out, /^not fit to be sent +2 +1 /m);
    assert.match(out, /^The stamp cannot report: ReportedWindowUnfit: It does not add up\.$/m);
  });

  it('says so when there is nothing', async () => {
    assert.match((await run({ from: 0, to: 5 })).out, /Nothing was counted and nothing received/);
  });

  it('puts points below each other', () => {
    assert.deepEqual(alignPoints(['1', '22.25', '0.5', '?']), [' 1   ', '22.25', ' 0.5 ', ' ?   ']);
  });
});

describe('the command reconcile', () => {
  const test = withTestDatabase();
  const data = mkdtempSync(join(tmpdir(), 'stackmeter-reconcile-'));
  after(() => rmSync(data, { recursive: true }));

  it('runs on a stamp that is not activated', async () => {
    const chunks: string[] = [];
    const out = new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk.toString());
        done();
      },
    });
    const output = { out, err: out, isScreen: false };
    const context = makeContext({ data, databaseUrl: test.url }, output);
    const values = new Arguments([], { from: '2026-03-01', to: '2026-04-01', by: 'day' });
    assert.equal(await reconcileReported(context, values), 0);
    assert.match(chunks.join(''), /The stamp is not activated/);
    await assert.rejects(reconcileReported(context, new Arguments([], { by: 'x' })), {
      message: /--by/,
    });
  });
});

const GOLDEN = `Reported hours from 2026-03-01T00Z to 2026-03-01T23Z (exclusive).

METER               UNIT                STAMP  RECEIVED  DIFFERENCE  CAUSES
Base VM Size Hours  Virtual core hours  11.75      1.25        10.5  not yet closed 0.5, refused 10
TableCapacity       GB*hours            11.75      1.25        10.5  not yet closed 0.5, refused 10

Where it went
METER               UNIT                ON CUSTOMERS  ON BASE  OF THESE UNPAID
Base VM Size Hours  Virtual core hours  0             1.25     0
TableCapacity       GB*hours            1.25          0        1.25

Causes
CAUSE           ROWS  WINDOWS  FROM .. TO
not yet closed     2        1  2026-03-01T22Z .. 2026-03-01T23Z
refused            2        1  2026-03-01T21Z .. 2026-03-01T22Z
Commerce refuses: RegistrationExpired: The registration ended.

Everything is explained: of 6 rows of the stamp commerce received 2; not yet closed 2, refused 2.
`;
