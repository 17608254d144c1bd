import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { METERS } from '../../../test/support/billing.ts';
import { parseCurrency } from '../../kernel/index.ts';
import { listMail } from '../mail/index.ts';
import { withTestRoom } from './test-room.ts';

const EUR = parseCurrency('EUR')!;
const ALERTS = [
  { threshold: '50' },
  { threshold: '80', notify: { emails: ['it@acme.example', 'cfo@acme.example'], webhook: true } },
  { threshold: '100', notify: { webhook: true } },
  { unit: 'amount', threshold: '150' },
];

describe('budgets that are watched', () => {
  const room = withTestRoom();
  const { test, spend, put, watch, firings, fired, hearOf, heardOf } = room;

  it('tell each threshold once, in percent and as an amount', async () => {
    const one = await room.customer({ name: 'Acme' });
    const other = await room.customer({ name: 'Other' });
    await hearOf(one.accountId);
    await hearOf(other.accountId);
    await hearOf(room.provider());
    await put(one.accountId, 'it', { amount: '100', alerts: ALERTS });
    assert.deepEqual(await watch(), { evaluated: 1, fired: 0, failed: 0 });
    assert.deepEqual(await watch(), { evaluated: 0, fired: 0, failed: 0 });
    await spend(one, 85, '2026-11-09T10:00Z', '2026-11-09T10:00Z');
    await spend(other, 500, '2026-11-09T10:00Z', '2026-11-09T11:00Z');
    assert.deepEqual(await watch(), { evaluated: 1, fired: 2, failed: 0 });
    assert.deepEqual(await watch(), { evaluated: 0, fired: 0, failed: 0 });
    await spend(one, 100, '2026-11-09T12:00Z', '2026-11-09T12:00Z');
    assert.equal((await watch()).fired, 2);
    assert.deepEqual(
      new Set(await fired(one.accountId, 'it')),
      new Set(['actual 50', 'actual 80', 'actual 100', 'actual 150']),
    );
    const eighty = (await firings(one.accountId, 'it')).find(
      ({ threshold }) => threshold.toText() === '80',
    );
    assert.deepEqual(
      [eighty?.spent.toText(), eighty?.amount.toText(), eighty?.mails, eighty?.webhook],
      ['85', '100', 2, true],
    );
    const heard = await heardOf(one.accountId);
    assert.deepEqual(
      heard.map(({ threshold, spent, percent, from, to }) => [threshold, spent, percent, from, to]),
      [
        ['80', '85', '85', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'],
        ['100', '185', '185', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'],
      ],
    );
    assert.deepEqual(await heardOf(room.provider()), heard);
    assert.deepEqual(await heardOf(other.accountId), []);
    const mails = await listMail(test.database.pool, { accountId: one.accountId, limit: 10 });
    assert.deepEqual(
      new Set(mails.map(({ recipient, subject }) => `${recipient} ${subject}`)),
      new Set([
        'it@acme.example Budget it: 80% reached (Acme)',
        'cfo@acme.example Budget it: 80% reached (Acme)',
      ]),
    );
  });

  it('stay told when prices are corrected and it is less, and are told no second time', async () => {
    const one = await room.customer({ name: 'Repriced' });
    await put(one.accountId, 'it', { amount: '100', alerts: [{ threshold: '80' }] });
    await spend(one, 90, '2026-11-08T10:00Z', '2026-11-09T13:00Z');
    assert.equal((await watch()).fired, 1);
    await room.reprice('0.004');
    const { evaluated, fired: again } = await watch();
    assert.ok(evaluated >= 1);
    assert.equal(again, 0);
    const status = await room.ask('GET', `${one.accountId}/budgets/it`);
    assert.equal(JSON.parse(JSON.stringify(status.body['current'])).spent, '45');
    await room.reprice('0.008');
    assert.equal((await watch()).fired, 0);
    assert.deepEqual(await fired(one.accountId, 'it'), ['actual 80']);
  });

  it('begin anew with the next period, and hear of late usage of the last one', async () => {
    const one = await room.customer({ name: 'Late', waitHours: 24, reviewDays: 3 });
    await put(one.accountId, 'it', {
      amount: '100',
      grain: 'Month',
      alerts: [{ threshold: '80' }],
    });
    await spend(one, 70, '2026-11-07T10:00Z', '2026-11-09T14:00Z');
    assert.equal((await watch()).fired, 0);
    assert.equal((await watch('2026-12-02T00:10:00Z')).fired, 0);
    await spend(one, 15, '2026-11-30T23:00Z', '2026-12-01T10:00Z');
    assert.equal((await watch()).fired, 1);
    await spend(one, 81, '2026-12-01T01:00Z', '2026-12-01T11:00Z');
    assert.equal((await watch()).fired, 1);
    assert.deepEqual(
      (await firings(one.accountId, 'it')).map(({ spent }) => spent.toText()),
      ['81', '85'],
    );
    // An alert that was not there in November is none of November.
    await put(one.accountId, 'it', { alerts: [{ threshold: '80' }, { threshold: '70' }] });
    assert.equal((await watch()).fired, 1);
    const seventies = (await firings(one.accountId, 'it')).filter(
      ({ threshold }) => threshold.toText() === '70',
    );
    assert.deepEqual(
      seventies.map(({ spent }) => spent.toText()),
      ['81'],
    );
    // The last month is settled, and what comes for it still is told nobody.
    await put(one.accountId, 'low', { amount: '1', grain: 'Month', alerts: [{ threshold: '50' }] });
    assert.equal((await watch('2026-12-20T00:10:00Z')).fired, 1);
    assert.equal((await firings(one.accountId, 'low')).length, 1);
  });

  it('are told by one of several that watch at once', async () => {
    const one = await room.customer({ name: 'Twice' });
    await hearOf(one.accountId);
    await put(one.accountId, 'it', {
      amount: '100',
      alerts: [{ threshold: '80', notify: { emails: ['it@acme.example'], webhook: true } }],
    });
    await spend(one, 90, '2026-12-10T10:00Z', '2026-12-20T00:00Z');
    const reports = await Promise.all([watch(), watch(), watch(), watch()]);
    assert.equal(
      reports.reduce((sum, report) => sum + report.fired, 0),
      1,
    );
    assert.equal((await heardOf(one.accountId)).length, 1);
    const mails = await listMail(test.database.pool, { accountId: one.accountId, limit: 10 });
    assert.equal(mails.length, 1);
  });

  it('begin anew when they count something else, and not when somebody else is told', async () => {
    const one = await room.customer({ name: 'Changed' });
    await put(one.accountId, 'it', { amount: '100', alerts: [{ threshold: '80' }] });
    await spend(one, 90, '2026-12-11T10:00Z', '2026-12-20T01:00Z');
    assert.equal((await watch()).fired, 1);
    await put(one.accountId, 'it', {
      alerts: [{ threshold: '80', notify: { emails: ['it@acme.example'] } }],
    });
    assert.equal((await watch()).fired, 0);
    await put(one.accountId, 'it', { amount: '1000' });
    assert.equal((await watch()).fired, 0);
    await spend(one, 715, '2026-12-12T10:00Z', '2026-12-20T02:00Z');
    assert.equal((await watch()).fired, 1);
    assert.deepEqual(
      (await firings(one.accountId, 'it')).map(({ amount, spent }) => [
        amount.toText(),
        spent.toText(),
      ]),
      [
        ['1000', '805'],
        ['100', '90'],
      ],
    );
  });

  it('count what their filters let through, and what is sold', async () => {
    const partner = await room.customer({ name: 'Partner', kind: 'partner', seriesPrefix: 'PAR' });
    const buyer = await room.customer({ name: 'Buyer', parentId: partner.accountId });
    const below = { alerts: [{ threshold: '100' }] };
    await put(partner.accountId, 'sold', { ...below, amount: '40', view: 'selling' });
    await put(partner.accountId, 'bought', { ...below, amount: '40' });
    await put(buyer.accountId, 'group', { ...below, amount: '10', filters: { resource: [] } });
    const foreign = { subscription: ['aaaaaaaa-0000-4000-8000-000000000001'] };
    await put(buyer.accountId, 'foreign', { ...below, amount: '1', filters: foreign });
    await put(buyer.accountId, 'own', {
      ...below,
      amount: '10',
      filters: { subscription: [buyer.subscription], resourceGroup: ['RG'] },
    });
    await spend(buyer, 50, '2026-12-13T10:00Z', '2026-12-20T03:00Z');
    await watch();
    for (const [account, name, count] of [
      [partner.accountId, 'sold', 1],
      [partner.accountId, 'bought', 1],
      [buyer.accountId, 'group', 1],
      [buyer.accountId, 'own', 1],
      [buyer.accountId, 'foreign', 0],
    ] as const) {
      assert.equal((await firings(account, name)).length, count, name);
    }
  });

  it('hear of a forecast before it comes true', async () => {
    const one = await room.customer({ name: 'Steady' });
    for (let day = 1; day <= 9; day++) {
      const at = `2027-01-0${day}T10:00Z`;
      await spend(one, 10, at, `2027-01-09T${String(day).padStart(2, '0')}:00Z`);
    }
    await put(one.accountId, 'it', {
      amount: '200',
      grain: 'Month',
      alerts: [{ of: 'forecast', threshold: '100' }, { threshold: '100' }],
    });
    await watch('2027-01-10T00:10:00Z');
    assert.deepEqual(await fired(one.accountId, 'it'), ['forecast 100']);
    const [firing] = await firings(one.accountId, 'it');
    assert.equal(firing?.spent.toText(), '90');
    assert.ok(firing.forecast !== undefined && firing.forecast.compare(firing.amount) >= 0);
  });

  it('do not flood those whose address somebody put on an alert', async () => {
    const one = await room.customer({ name: 'Noisy' });
    await test.database.pool.query(
      `insert into mail_message (message_id, account_id, recipient, template, language, subject, body_text, body_html,
         occurred_at, state, sent_at)
       select gen_random_uuid(), $1, 'a@b.example', 'budget.alert', 'en', '', '', '', $2, 'Sent', $2
       from generate_series(1, 199)`,
      [one.accountId, room.clock.now().toString()],
    );
    await spend(one, 10, '2027-01-09T10:00Z', '2027-01-09T20:00Z');
    await put(one.accountId, 'it', {
      amount: '10',
      alerts: [{ threshold: '100', notify: { emails: ['a@b.example', 'c@d.example'] } }],
    });
    assert.equal((await watch('2027-01-10T00:20:00Z')).fired, 1);
    const [firing] = await firings(one.accountId, 'it');
    assert.deepEqual([firing?.mails, firing?.mailsWithheld], [1, 1]);
  });

  it('that cannot be looked at say why, hold nobody up and are tried again', async () => {
    const partner = await room.customer({ name: 'P', kind: 'partner', seriesPrefix: 'PX' });
    await room.customer({ name: 'Euro', parentId: partner.accountId, currency: EUR });
    const one = await room.customer({ name: 'Fine' });
    await put(partner.accountId, 'a', { amount: '10', view: 'selling' });
    await put(one.accountId, 'b', { amount: '10' });
    assert.deepEqual(await watch(), { evaluated: 2, fired: 0, failed: 1 });
    const { items } = await room.ask('GET', `${partner.accountId}/budgets`);
    assert.match(JSON.stringify(items[0]?.['current']), /what it sells is in EUR alone/);
    const shown = await room.ask('GET', `${partner.accountId}/budgets/a`);
    assert.match(JSON.stringify(shown.body['current']), /what it sells is in EUR alone/);
    assert.equal((await watch()).evaluated, 0);
    room.clock.advance(6 * 60_000);
    assert.deepEqual(await watch(), { evaluated: 1, fired: 0, failed: 1 });
  });

  it('note an alert only together with all that tells it', async () => {
    const one = await room.customer({ name: 'Atomic' });
    await hearOf(one.accountId);
    await put(one.accountId, 'it', {
      amount: '10',
      alerts: [{ threshold: '100', notify: { emails: ['a@b.example'], webhook: true } }],
    });
    await spend(one, 10, '2027-01-09T10:00Z', '2027-01-09T21:00Z');
    const { pool } = test.database;
    await pool.query(
      `create function refuse_mail() returns trigger language plpgsql as $$ begin raise 'no room'; end $$;
       create trigger refuse_mail before insert on mail_message execute function refuse_mail()`,
    );
    assert.equal((await watch()).fired, 0);
    assert.deepEqual(await firings(one.accountId, 'it'), []);
    assert.deepEqual(await heardOf(one.accountId), []);
    await pool.query('drop trigger refuse_mail on mail_message');
    room.clock.advance(6 * 60_000);
    assert.equal((await watch()).fired, 1);
    assert.equal((await firings(one.accountId, 'it')).length, 1);
    assert.equal((await heardOf(one.accountId)).length, 1);
    const mails = await listMail(pool, { accountId: one.accountId, limit: 10 });
    assert.equal(mails.length, 1);
  });

  it('follow the billing periods of the account, to the hour', async () => {
    const one = await room.customer({
      name: 'Paris',
      language: 'fr',
      timeZone: 'Europe/Paris',
      billingDay: 15,
    });
    await put(one.accountId, 'it', {
      amount: '30',
      alerts: [{ threshold: '100', notify: { emails: ['a@b.example'] } }],
    });
    await spend(one, 20, '2027-01-14T22:00Z', '2027-01-14T22:00Z');
    assert.equal((await watch('2027-01-14T22:40:00Z')).fired, 0);
    await spend(one, 31, '2027-01-14T23:00Z', '2027-01-14T23:00Z');
    assert.equal((await watch('2027-01-15T01:00:00Z')).fired, 1);
    const [firing] = await firings(one.accountId, 'it');
    assert.equal(firing?.spent.toText(), '31');
    const status = await room.ask('GET', `${one.accountId}/budgets/it`);
    const { from, to, spent } = JSON.parse(JSON.stringify(status.body['current']));
    assert.deepEqual([from, to, spent], ['2027-01-14T23:00:00Z', '2027-02-14T23:00:00Z', '31']);
    const { rows } = await test.database.pool.query<{ text: string }>(
      'select body_text as text from mail_message where account_id = $1',
      [one.accountId],
    );
    assert.match(rows[0]?.text ?? '', /^Période\s: du 15 janvier 2027 au 14 février 2027$/m);
  });

  it('tell how much of what they count has no price', async () => {
    const one = await room.customer({ name: 'Unpriced' });
    await put(one.accountId, 'it', { amount: '30', alerts: [{ threshold: '50' }] });
    const windows = { meterId: METERS.windowsVm };
    await spend(one, 15, '2027-01-15T01:00Z', '2027-01-15T01:00Z');
    await spend(one, 99, '2027-01-15T02:00Z', '2027-01-15T02:00Z', windows);
    assert.equal((await watch('2027-01-15T03:30:00Z')).fired, 1);
    const { items } = await room.ask('GET', `${one.accountId}/budgets`);
    const { spent, unpriced } = JSON.parse(JSON.stringify(items[0]?.['current']));
    assert.deepEqual([spent, unpriced], ['15', 1]);
  });
});
