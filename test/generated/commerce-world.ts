import { readFileSync } from 'node:fs';
import { systemClock } from '../../src/platform/index.ts';
import { newStampKey, parseWindowName, writeRegistrationToken } from '../../src/reporting/index.ts';
import type { Server } from '../../src/server/index.ts';
import {
  FIRST_BATCH,
  FIRST_MANIFEST,
  FIRST_WINDOW,
  SECOND_BATCH,
} from '../conformance/cases/reported.ts';
import { send } from '../conformance/client.ts';
import type { Caller } from './credentials.ts';
import type { World } from './knowledge.ts';

const idOf = (kind: number, number: number): string =>
  `5e0${kind}0000-0000-4000-8000-${String(number).padStart(12, '0')}`;

type Placeholders = Readonly<Record<string, string>>;

/** What requests to commerce can name. The more often one is named here, the more often it is taken. */
export async function fixCommerce({ knowledge }: World, known: Placeholders): Promise<void> {
  const of = (name: string): string => known[name]!;
  const base = of('reportingSubscription');
  const customer = of('reportedSubscription');
  const lapsed = of('lapsedSubscription');
  const churn = Array.from({ length: 8 }, (_, number) => idOf(8, number));
  knowledge.fix('base', base, base, base, lapsed, churn[0]!);
  knowledge.fix('account', base, customer, customer, lapsed, churn[0]!);
  knowledge.fix('accountChurn', ...churn);
  knowledge.fix('customer', customer, of('otherReportedSubscription'), churn[1]!);
  knowledge.fix('accountTenant', of('reportedDirectory'), of('otherReportedDirectory'));
  knowledge.fix('registrationGroup', 'azurestack', 'azurestack', 'azurestack', 'elsewhere');
  knowledge.fix('registration', 'stamp', 'stamp', 'this-stamp', 'expiredStamp', 'one', 'two');
  knowledge.fix('registrationChurn', 'one', 'two', 'three');
  knowledge.fix(
    'registrationId',
    of('stampRegistrationId'),
    of('stampRegistrationId'),
    of('stampRegistrationId'),
    of('expiredStampRegistrationId'),
  );
  knowledge.fix('registrationToken', ...(await registrationTokens()));
  knowledge.fix('newKeyToken', of('stampToken'), of('stampNextToken'));
  knowledge.fix('activationGroup', 'azurestack-activation');
  knowledge.fix('activation', 'default');
  knowledge.fix('activationKey', of('activationKey'));
  knowledge.fix('window', FIRST_WINDOW, '2018-06-01T01Z', '2018-06-01T02Z', '2018-06-02T00Z');
  knowledge.fix('sequence', '1', '1', '2');
  knowledge.fix('period', '201806-1', '201806-1', '201501-1');
  knowledge.fix('usageSubscription', customer, base, base);
}

/** Of three stamps, each with two keys. */
async function registrationTokens(): Promise<readonly string[]> {
  const tokens: string[] = [];
  for (let number = 0; number < 6; number += 1) {
    const token = {
      cloudId: idOf(9, number % 3),
      billingModel: number === 2 ? 'Development' : 'PayAsYouUse',
      usageReporting: number !== 4,
      marketplaceSyndication: false,
      agreementNumber: undefined,
      assetTag: undefined,
      fromWindow: parseWindowName(FIRST_WINDOW)!,
    } as const;
    tokens.push(await writeRegistrationToken(token, newStampKey(), systemClock.now()));
  }
  return tokens;
}

/** Has something be booked, so that what is read of it has rows. */
export async function reportFirstWindow(
  { baseUrl, caFile }: Server,
  known: Placeholders,
  { token }: Caller,
): Promise<void> {
  const window = `/api/v1/reported-usage/${known['stampRegistrationId']}/windows/${FIRST_WINDOW}`;
  for (const [path, text] of [
    [`${window}/batches/1`, FIRST_BATCH],
    [`${window}/batches/2`, SECOND_BATCH],
    [window, JSON.stringify(FIRST_MANIFEST)],
  ] as const) {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const sent = { method: 'PUT', address: baseUrl + path, headers, body: Buffer.from(text) };
    const { status, body } = await send(readFileSync(caFile, 'utf8'), sent);
    if (status !== 201) throw new Error(`not reported: ${status} ${body.toString('utf8')}`);
  }
}
