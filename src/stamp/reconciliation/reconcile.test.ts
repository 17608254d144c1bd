import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compute, storage } from '../../../test/support/usage.ts';
import { hourNumber, hourStart, meterKey } from '../../kernel/index.ts';
import { REGISTRATION } from './test-commerce.ts';
import { causesOf, DAY, FIRST, withCountedStamp } from './test-stamp.ts';

/** When an hour of the stamp begins. */
const at = (hour: number) => hourStart(hourNumber(FIRST + hour));

describe('what was counted beside what was received', () => {
  const { stamp, commerce, subscriptions, whole, run, runUnregistered } = withCountedStamp();

  it('is unregistered time throughout while the stamp is not activated', async () => {
    const { summary } = await runUnregistered();
    assert.equal(summary.verdict, 'explained');
    assert.deepEqual(summary.commerce, { state: 'not activated' });
    assert.deepEqual([summary.stampRows, summary.receivedRows], [124n, 0n]);
    assert.deepEqual(causesOf(summary), [['unregistered time', 124n, 31]]);
    assert.deepEqual(summary.causes[0]?.spans, [whole]);
  });

  it('is told apart by every cause', async () => {
    commerce.periods = [
      { fromWindow: FIRST + 2, nextWindow: FIRST + 6, endReason: 'ReportingOff', endedAt: at(6) },
      { fromWindow: FIRST + 9, nextWindow: FIRST + 20, endReason: undefined, endedAt: undefined },
    ];
    await commerce.take({ from: FIRST + 2, to: FIRST + 6 });
    await commerce.take({ from: FIRST + 9, to: FIRST + 20 });
    const { lines, summary } = await run();
    assert.equal(summary.verdict, 'explained');
    assert.deepEqual(causesOf(summary), [
      ['not yet closed', 4n, 1],
      ['not yet sent', 40n, 10],
      ['unregistered time', 8n, 2],
      ['reporting off', 12n, 3],
    ]);
    const names = lines.map(({ meterKey: key }) => key);
    assert.deepEqual(new Set(names), new Set([compute, storage].map(({ id }) => meterKey(id))));
    for (const line of lines) {
      assert.equal(line.stamp.quantity.toText(), '3.100000000031');
      assert.equal(line.received?.quantity.toText(), '1.500000000015');
      assert.equal(line.difference?.quantity.toText(), '1.600000000016');
      assert.deepEqual(
        line.causes.map(({ cause, quantity }) => [cause, quantity.toText()]),
        [
          ['not yet closed', '0.100000000001'],
          ['not yet sent', '1.00000000001'],
          ['unregistered time', '0.200000000002'],
          ['reporting off', '0.300000000003'],
        ],
      );
    }
  });

  it('names the window that commerce refuses and those behind it', async () => {
    const error = { code: 'ManifestMismatch', message: 'It does not add up.' };
    const nextWindow = FIRST + 20;
    commerce.bridge = { firstWindow: FIRST + 2, nextWindow, stuck: 'refused', error };
    const { summary } = await run();
    assert.deepEqual(causesOf(summary)[1], ['refused', 40n, 10]);
    assert.deepEqual(summary.causes[1]?.spans, [{ from: FIRST + 20, to: FIRST + 30 }]);
    assert.deepEqual(summary.refusal, { ...error, cause: 'refused' });
    commerce.bridge = { ...commerce.bridge, stuck: 'not fit to be sent' };
    const unfit = await run();
    assert.deepEqual(causesOf(unfit.summary)[1], ['not fit to be sent', 40n, 10]);
    assert.deepEqual(unfit.summary.refusal, { ...error, cause: 'not fit to be sent' });
    commerce.bridge = { ...commerce.bridge, stuck: undefined };
    assert.equal((await run()).summary.refusal, undefined);
  });

  it('names what was left behind when reporting ended', async () => {
    const kept = commerce.periods;
    // Two hours had closed by then; hours close with the first minutes of the next.
    commerce.periods = [{ ...kept[0]!, endedAt: at(9) }, kept[1]!];
    const { summary } = await run();
    assert.deepEqual(causesOf(summary).slice(2), [
      ['left behind', 8n, 2],
      ['unregistered time', 8n, 2],
      ['reporting off', 4n, 1],
    ]);
    commerce.periods = kept;
  });

  it('is told apart by day, meter and subscription as asked', async () => {
    const fine = await run({ by: ['day', 'meter', 'subscription'] });
    assert.equal(fine.lines.length, 3 * 2 * 2);
    assert.deepEqual(
      fine.lines.map(({ day }) => (day ?? 0) - DAY),
      [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2],
    );
    assert.ok(fine.lines.every(({ subscriptionId }) => subscriptionId !== undefined));
    const days = await run({ by: ['day'] });
    assert.deepEqual(
      days.lines.map(({ stamp: { rows }, received }) => [rows, received?.rows]),
      [
        [16n, 8n],
        [96n, 52n],
        [12n, 0n],
      ],
    );
    const one = await run({ from: FIRST + 3, to: FIRST + 5, by: ['subscription'] });
    assert.deepEqual(
      one.lines.map(({ stamp: { rows }, received }) => [rows, received?.rows]),
      [
        [4n, 4n],
        [4n, 4n],
      ],
    );
  });

  it('tells where it went', async () => {
    commerce.onBase.add(subscriptions[1]!);
    commerce.unpaid.add(meterKey(storage.id));
    const { lines, summary } = await run();
    const booked = Object.fromEntries(
      summary.booked.map((one) => [
        one.meterKey,
        [one.onCustomers.toText(), one.onBase.toText(), one.unpaid.toText()],
      ]),
    );
    assert.deepEqual(booked, {
      [meterKey(compute.id)]: ['1.5', '0.000000000015', '0'],
      [meterKey(storage.id)]: ['1.5', '0.000000000015', '1.500000000015'],
    });
    const notes = lines.flatMap((line) => line.notes.map(({ note }) => note));
    assert.deepEqual(notes.toSorted(), ['mapped to base', 'mapped to base', 'unpaid meter']);
  });

  it('shows the side of the stamp when commerce does not answer', async () => {
    commerce.silentAfter = 0;
    const { lines, summary } = await run();
    assert.equal(summary.verdict, 'unknown');
    assert.ok(summary.commerce.state === 'no answer');
    assert.equal(summary.commerce.error.code, 'CommerceUnreachable');
    assert.deepEqual([summary.stampRows, summary.receivedRows], [124n, undefined]);
    // By what the bridge noted itself; receipts stand for what was received.
    assert.deepEqual(causesOf(summary), [
      ['not yet closed', 4n, 1],
      ['not yet sent', 40n, 10],
      ['unregistered time', 8n, 2],
    ]);
    for (const { stamp: counted, received, notes } of lines) {
      assert.equal(counted.quantity.toText(), '3.100000000031');
      assert.equal(received, undefined);
      assert.deepEqual(
        notes.map(({ note, quantity }) => [note, quantity.toText()]),
        [['receipted', '1.800000000018']],
      );
    }
    commerce.silentAfter = 1;
    const half = await run();
    assert.deepEqual([half.summary.verdict, half.summary.booked], ['unknown', []]);
    assert.ok(half.lines.every(({ received }) => received === undefined));
    commerce.silentAfter = undefined;
  });

  it('does not hide a fault of ours behind an answer that is missing', async () => {
    const received = {
      ...commerce.received,
      totals: () => Promise.reject(new TypeError('a fault')),
    };
    await assert.rejects(run({}, {}, received), /a fault/);
  });

  it('is unexplained where commerce has lost, gained or altered something', async () => {
    const kept = commerce.rows;
    const isPlace = (row: (typeof kept)[number]): boolean =>
      row.hour === FIRST + 10 && row.subscriptionId === subscriptions[0];
    commerce.rows = kept.filter((row) => !isPlace(row));
    const lost = await run();
    assert.equal(lost.summary.verdict, 'unexplained');
    assert.equal(lost.summary.unexplained.places, 2);
    const [place] = lost.summary.unexplained.first;
    assert.deepEqual([place?.day, place?.subscriptionId], [DAY + 1, subscriptions[0]]);
    assert.equal(place?.causes.get('unexplained')?.quantity.toText(), '0.1');
    const [line] = lost.lines;
    assert.deepEqual(
      line?.causes.find(({ cause }) => cause === 'unexplained'),
      {
        cause: 'unexplained',
        rows: 1n,
        quantity: place?.causes.get('unexplained')?.quantity,
        places: 1,
      },
    );
    // What is missing on one day and too much on another adds up to nothing, and is found all the same.
    const other = kept.find(
      (row) => row.hour === FIRST + 3 && isPlace({ ...row, hour: FIRST + 10 }),
    )!;
    commerce.rows = [...kept, other].filter(
      (row) => !isPlace(row) || row.meterKey !== other.meterKey,
    );
    const moved = await run();
    assert.deepEqual([moved.summary.verdict, moved.summary.unexplained.places], ['unexplained', 2]);
    commerce.rows = kept;
    assert.equal((await run()).summary.verdict, 'explained');
  });

  it('is unexplained where there is a receipt and commerce knows nothing of the window', async () => {
    const kept = commerce.periods;
    commerce.periods = [kept[0]!, { ...kept[1]!, nextWindow: FIRST + 18 }];
    const { summary } = await run();
    assert.deepEqual([summary.verdict, summary.unexplained.places], ['unexplained', 4]);
    assert.deepEqual(causesOf(summary).at(-1), ['unexplained', 8n, 0]);
    commerce.periods = kept;
  });

  it('tells what was reported under a registration before', async () => {
    const { pool } = stamp.database;
    const other = 'eeeeeeee-0000-4000-8000-000000000002';
    const move = (to: string, from: string): Promise<unknown> =>
      pool.query('update bridge_window set registration_id = $1 where registration_id = $2', [
        to,
        from,
      ]);
    await move(other, REGISTRATION);
    const kept = commerce.periods;
    commerce.periods = [];
    assert.deepEqual(causesOf((await run()).summary), [
      ['unregistered time', 64n, 16],
      ['earlier registration', 60n, 15],
    ]);
    assert.deepEqual(causesOf((await runUnregistered()).summary), causesOf((await run()).summary));
    commerce.periods = kept;
    await move(REGISTRATION, other);
  });

  it('is not disturbed by windows that are sent while it goes on', async () => {
    const earlier = await run();
    const moving = {
      ...commerce.received,
      progress: async () => {
        const progress = await commerce.received.progress();
        await commerce.take({ from: FIRST + 20, to: FIRST + 22 });
        return progress;
      },
    };
    const { lines, summary } = await run({}, {}, moving);
    assert.deepEqual([summary, lines], [earlier.summary, earlier.lines]);
    const [ended, goesOn] = commerce.periods;
    commerce.periods = [ended!, { ...goesOn!, nextWindow: FIRST + 22 }];
    assert.deepEqual(causesOf((await run()).summary)[1], ['not yet sent', 32n, 8]);
  });

  it('stays within its bounds', async () => {
    const by = ['day', 'meter'] as const;
    assert.equal((await run({ by }, { lines: 6 })).lines.length, 6);
    await assert.rejects(run({ by }, { lines: 5 }), { code: 'InvalidProperty', message: /by/ });
    await assert.rejects(run({}, { milliseconds: 0.5 }), { message: /takes too long/ });
    assert.equal((await run({}, { milliseconds: 60_000 })).summary.verdict, 'explained');
  });

  it('finds nothing outside of what the stamp has', async () => {
    const { lines, summary } = await run({ from: 0, to: FIRST, by: ['day'] });
    assert.deepEqual([lines, summary.verdict, summary.causes], [[], 'explained', []]);
    assert.equal((await run({ from: FIRST, to: FIRST + 10_000 })).summary.stampRows, 124n);
  });

  it('finds what commerce received of days that the stamp does not know', async () => {
    const [row] = commerce.rows;
    const hour = FIRST - 100;
    commerce.periods.unshift({
      fromWindow: hour,
      nextWindow: hour + 1,
      endReason: 'Removed',
      endedAt: at(0),
    });
    commerce.rows.push({ ...row!, hour });
    const { lines, summary } = await run({ from: hour, by: ['day'] });
    assert.deepEqual([summary.verdict, lines.length], ['unexplained', 4]);
    assert.equal(lines[0]?.difference?.rows, -1n);
    commerce.periods.shift();
    commerce.rows.pop();
  });
});
