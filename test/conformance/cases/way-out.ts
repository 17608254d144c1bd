import { onFixture, type WireCase } from '../case.ts';
import { account, BUYER, get, noAccount, OPERATOR, OTHER_BUYER, refusal, send } from './billing.ts';

const NOBODY = '3d1c2b71-0000-4000-8000-00000000000e';

const analysis: readonly WireCase[] = [
  onFixture(
    'cost of an account by service',
    get('/cost-analysis', BUYER, {
      account: '{billedAccount}',
      from: '2026-01-01',
      to: '2026-02-01',
      groupBy: 'service',
    }),
    { status: 200, json: { groupBy: 'service', view: 'buying' } },
  ),
  onFixture(
    'cost of somebody else',
    get('/cost-analysis', OTHER_BUYER, {
      account: '{billedAccount}',
      from: '2026-01-01',
      to: '2026-02-01',
    }),
    noAccount,
  ),
  onFixture(
    'usage of several meters in one sum',
    get('/usage-analysis', OPERATOR, {
      from: '2026-01-01',
      to: '2026-02-01',
      groupBy: 'location',
    }),
    refusal(400, 'InvalidProperty', 'meter'),
  ),
];

const budgets: readonly WireCase[] = [
  onFixture(
    'a budget that is not there',
    get(account('billed', `/budgets/${NOBODY}`), BUYER),
    refusal(404, 'BudgetNotFound'),
  ),
  onFixture('budgets of somebody else', get(account('billed', '/budgets'), OTHER_BUYER), noAccount),
];

const exports: readonly WireCase[] = [
  onFixture(
    'an export that is not there',
    get(`/exports/${NOBODY}`, OPERATOR),
    refusal(404, 'ExportNotFound'),
  ),
  onFixture(
    'an adapter that is not there',
    get(`/billing-adapters/${NOBODY}`, OPERATOR),
    refusal(404, 'AdapterNotFound'),
  ),
  onFixture(
    'e-mail that is not there, sent again',
    send('POST', '/mail-messages/replay', { messageId: NOBODY }),
    refusal(404, 'MailMessageNotFound'),
  ),
];

/** Analyses, budgets, and what leaves for other systems. */
export const wayOutCases: readonly WireCase[] = [...analysis, ...budgets, ...exports];
