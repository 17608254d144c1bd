import { readFileSync } from 'node:fs';
import { parseDirectoryTenantId, parseSubscriptionId } from '../../src/kernel/index.ts';
import { systemClock, type Tx } from '../../src/platform/index.ts';
import { SYSTEM } from '../../src/audit/index.ts';
import {
  activationKeyOf,
  addCommerceSubscription,
  expireRegistration,
  putCustomerMapping,
  putRegistration,
  type CommerceSubscriptionKind,
  type Registration,
} from '../../src/commerce/registration/index.ts';
import { addClientSecret, type NewClient } from '../../src/identity/index.ts';
import {
  newStampKey,
  parseWindowName,
  readRegistrationToken,
  writeRegistrationToken,
} from '../../src/reporting/index.ts';
import type { Server } from '../../src/server/index.ts';
import { makeRegistrationToken } from '../../src/stamp/bridge/index.ts';
import type { ClientConfig } from './runner.ts';

/** What stamps report is booked on these, by the names of their placeholders. */
export const REPORTED_SUBSCRIPTIONS = {
  reportingSubscription: '8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6b01',
  reportedSubscription: '8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6b02',
  otherReportedSubscription: '8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6b03',
  lapsedSubscription: '8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6b04',
} as const;

/** Directory of the customer whose usage is reported. */
export const REPORTED_DIRECTORY = '9e3a1c62-7d4f-4ba5-9038-4f5cad6e7b03';
const OTHER_DIRECTORY = '9e3a1c62-7d4f-4ba5-9038-4f5cad6e7b04';

const idOf = (name: keyof typeof REPORTED_SUBSCRIPTIONS) =>
  parseSubscriptionId(REPORTED_SUBSCRIPTIONS[name])!;
const directoryOf = (text: string) => parseDirectoryTenantId(text)!;

/** Nobody listens on the port that is for throwing away what comes. */
const NOBODY_LISTENS = 'https://127.0.0.1:9';

/** Readers of what is booked, by their names in cases. */
export const REPORTED_CLIENTS: Readonly<Record<string, Omit<NewClient, 'name'>>> = {
  reportingPartner: { role: 'Owner', scope: `/subscriptions/${idOf('reportingSubscription')}` },
  reportedCustomer: { role: 'Reader', scope: `/subscriptions/${idOf('reportedSubscription')}` },
};

const REGISTERED = [
  { client: 'stamp', base: 'reportingSubscription', usageReporting: true },
  { client: 'expiredStamp', base: 'lapsedSubscription', usageReporting: true },
  { client: 'silentStamp', base: 'lapsedSubscription', usageReporting: false },
  { client: 'aheadStamp', base: 'lapsedSubscription', usageReporting: true },
] as const;

/** What the cases of reported usage know of. */
export interface ReportedFixture {
  readonly placeholders: Readonly<Record<string, string>>;
  /** Of the stamps that report. */
  readonly clients: Readonly<Record<string, ClientConfig>>;
}

/**
 * Registers stamps: one that reports, one whose registration is over, one that does not report, one whose clock is far
 * ahead, with secrets for their clients; and this very stamp, whose activation key is among the placeholders.
 *
 * @param commerceUrl where the activation key says that commerce is; nobody answers there unless given
 */
export async function writeReportedFixture(
  server: Server,
  commerceUrl: string = NOBODY_LISTENS,
): Promise<ReportedFixture> {
  const clients: Record<string, ClientConfig> = {};
  const placeholders: Record<string, string> = {
    ...REPORTED_SUBSCRIPTIONS,
    reportedDirectory: REPORTED_DIRECTORY,
    otherReportedDirectory: OTHER_DIRECTORY,
  };
  await server.database.transaction(async (tx) => {
    await addSubscriptions(tx);
    for (const [number, { client, base, usageReporting }] of REGISTERED.entries()) {
      const place = { subscriptionId: idOf(base), resourceGroup: 'azurestack', name: client };
      const token = await tokenOf(number, usageReporting);
      placeholders[`${client}Token`] = token;
      placeholders[`${client}NextToken`] = await tokenOf(number, usageReporting);
      placeholders[`${client}RegistrationId`] = await register(tx, server, token, place, clients);
    }
    await lapseAndMap(tx);
    await putAhead(tx, placeholders['aheadStampRegistrationId']);
  });
  return {
    placeholders: { ...placeholders, activationKey: await makeActivationKey(server, commerceUrl) },
    clients,
  };
}

const CHANGING = { clock: systemClock, actor: SYSTEM };

async function addSubscriptions(tx: Tx): Promise<void> {
  const partner = { kind: 'CSPSharedServices', partnerId: 'adatum', approved: true } as const;
  const customer = { kind: 'CSP', partnerId: 'adatum', approved: false } as const;
  const agreement = { kind: 'EnterpriseAgreement', partnerId: undefined, approved: false } as const;
  const wanted: readonly (readonly [
    keyof typeof REPORTED_SUBSCRIPTIONS,
    { kind: CommerceSubscriptionKind; partnerId: string | undefined; approved: boolean },
    directory?: string,
  ])[] = [
    ['reportingSubscription', partner],
    ['reportedSubscription', customer, REPORTED_DIRECTORY],
    ['otherReportedSubscription', customer, OTHER_DIRECTORY],
    ['lapsedSubscription', agreement],
  ];
  for (const [name, { kind, partnerId, approved }, directory] of wanted) {
    const subscription = {
      subscriptionId: idOf(name),
      displayName: name,
      kind,
      partnerId,
      tenantId: directory === undefined ? undefined : directoryOf(directory),
      multitenancyApproved: approved,
    };
    await addCommerceSubscription(tx, subscription, CHANGING);
  }
}

async function tokenOf(number: number, usageReporting: boolean): Promise<string> {
  const token = {
    cloudId: `a1b2c3d4-0000-4000-8000-0000000001${number}0`,
    billingModel: 'PayAsYouUse',
    usageReporting,
    marketplaceSyndication: false,
    agreementNumber: undefined,
    assetTag: undefined,
    fromWindow: parseWindowName('2018-06-01T00Z')!,
  } as const;
  return writeRegistrationToken(token, newStampKey(), systemClock.now());
}

type Place = Parameters<typeof putRegistration>[1];

/** @returns the id of the registration, whose client gets a secret under the name of the registration */
async function register(
  tx: Tx,
  { stamp: { homeTenantId } }: Server,
  token: string,
  place: Place,
  clients: Record<string, ClientConfig>,
): Promise<string> {
  const checked = await readRegistrationToken(token, systemClock.now());
  const options = { homeTenantId };
  const { registration } = await putRegistration(tx, place, checked, options, CHANGING);
  const { principalId, registrationId } = registration;
  const { secret } = await addClientSecret(tx, principalId, { name: 'cases' }, CHANGING);
  clients[place.name] = { clientId: principalId, clientSecret: secret, tenantId: homeTenantId };
  return registrationId;
}

async function lapseAndMap(tx: Tx): Promise<void> {
  const lapsed = {
    subscriptionId: idOf('lapsedSubscription'),
    resourceGroup: 'azurestack',
    name: 'expiredStamp',
  };
  await expireRegistration(tx, lapsed, Temporal.Instant.from('2018-07-01T00:00Z'), CHANGING);
  const reporting = {
    subscriptionId: idOf('reportingSubscription'),
    resourceGroup: 'azurestack',
    name: 'stamp',
  };
  const mapping = { customerSubscriptionId: idOf('reportedSubscription'), shared: false };
  await putCustomerMapping(tx, reporting, mapping, CHANGING);
}

/** No token states a window so late; a clock that was set back leaves a stamp there. */
async function putAhead(tx: Tx, registrationId: string | undefined): Promise<void> {
  await tx.query(
    `update reporting_period set from_window = $2, next_window = $2
     where registration_number = (select registration_number from registration where registration_id = $1)`,
    [registrationId, parseWindowName('2999-01-01T00Z')],
  );
}

/** Registers this stamp, from which nothing is to be reported. */
async function makeActivationKey(
  { database, stamp, caFile }: Server,
  commerceUrl: string,
): Promise<string> {
  const tools = { database, clock: systemClock };
  const wish = { billingModel: 'PayAsYouUse', usageReporting: false } as const;
  const token = await makeRegistrationToken(tools, wish, CHANGING);
  const checked = await readRegistrationToken(token, systemClock.now());
  const place = {
    subscriptionId: idOf('lapsedSubscription'),
    resourceGroup: 'azurestack',
    name: 'this-stamp',
  };
  const registration = await database.transaction(async (tx): Promise<Registration> => {
    const options = { homeTenantId: stamp.homeTenantId };
    return (await putRegistration(tx, place, checked, options, CHANGING)).registration;
  });
  const address = {
    origin: commerceUrl,
    homeTenantId: stamp.homeTenantId,
    ca: readFileSync(caFile, 'utf8'),
  };
  return activationKeyOf(tools, registration, address);
}
