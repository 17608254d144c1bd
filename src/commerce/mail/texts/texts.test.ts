import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Decimal, parseCurrency } from '../../../kernel/index.ts';
import { composeMail } from '../message.ts';
import type { BudgetAlertMail } from './budget-alert.ts';
import { compose } from './compose.ts';
import { formatsOf } from './formats.ts';

const EUR = parseCurrency('EUR')!;
const decimal = (text: string): Decimal => Decimal.parse(text)!;

const ALERT: BudgetAlertMail = {
  account: 'Acme <b>& Sons</b>',
  budget: 'team',
  view: 'buying',
  of: 'actual',
  threshold: { unit: 'percent', value: decimal('80') },
  amount: decimal('1000'),
  spent: decimal('812.345'),
  forecast: undefined,
  currency: EUR,
  otherCurrencies: [],
  from: '2026-11-01',
  to: '2026-11-30',
};

describe('the texts of e-mail', () => {
  it('say what a budget has come to, in English', () => {
    const { subject, text } = composeMail({ template: 'budget.alert', parameters: ALERT }, 'en');
    assert.equal(subject, 'Budget team: 80% reached (Acme <b>& Sons</b>)');
    assert.match(text, /^Costs of the account Acme <b>& Sons<\/b> have reached 80% of the budget/);
    assert.match(text, /^Period: 1 November 2026 to 30 November 2026$/m);
    assert.match(text, /^So far: EUR\s812\.34$/m);
    assert.doesNotMatch(text, /Expected/);
  });

  it('say it in French, of a forecast and of an amount too', () => {
    const parameters: BudgetAlertMail = {
      ...ALERT,
      view: 'selling',
      of: 'forecast',
      threshold: { unit: 'amount', value: decimal('1200.5') },
      forecast: decimal('1250'),
    };
    const { subject, text } = composeMail({ template: 'budget.alert', parameters }, 'fr');
    assert.match(subject, /^Budget team : 1\s200,50\sEUR prévu \(Acme/);
    assert.match(text, /Les ventes du compte .* devraient atteindre 1\s200,50\sEUR, un seuil du/);
    assert.match(text, /^Prévu à la fin\s: 1\s250,00\sEUR$/m);
    assert.match(text, /^Période\s: du 1 novembre 2026 au 30 novembre 2026$/m);
  });

  it('escape in HTML what others named', () => {
    const { html } = composeMail({ template: 'budget.alert', parameters: ALERT }, 'en');
    assert.match(html, /Acme &lt;b&gt;&amp; Sons&lt;\/b&gt;/);
    assert.doesNotMatch(html, /<b>/);
  });

  it('have subjects of one line, and HTML without foreign markup, whatever a name holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const mail = compose(
          { subject: name, lead: name, facts: [[name, name]], closing: name },
          'en',
        );
        assert.doesNotMatch(mail.subject, /[\p{Cc}\p{Zl}\p{Zp}]/u);
        assert.equal(mail.text.split('\n').length, 6);
        const inside = mail.html.replace(
          /<\/?(?:!doctype html|[a-z]+(?: [a-z]+="[^"<>]*")*)>/g,
          '',
        );
        assert.doesNotMatch(inside, /[<>"']/);
        assert.ok(mail.html.isWellFormed() && mail.subject.isWellFormed());
      }),
      { numRuns: 1000 },
    );
  });

  it('keep every digit of an amount', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 40n }), (cents) => {
        const amount = Decimal.fromBigInt(cents, 2);
        const plain = formatsOf('en', EUR)
          .money(amount)
          .replace(/[^\d.]/g, '');
        assert.ok(Decimal.parse(plain)?.equals(amount), plain);
      }),
    );
  });
});
