import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before } from 'node:test';
import { importJWK, SignJWT, type JWK } from 'jose';
import { SYSTEM } from '../../../src/audit/index.ts';
import { addClient, addRoleAssignment, addUser, parseScope } from '../../../src/identity/index.ts';
import type { PrincipalId } from '../../../src/kernel/index.ts';
import { systemClock } from '../../../src/platform/index.ts';
import type { Server } from '../../../src/server/index.ts';
import { SUBSCRIPTIONS, writeFixture, type Fixture } from '../../conformance/fixture.ts';
import type { ClientConfig } from '../../conformance/runner.ts';
import type { TestServer } from '../../support/server.ts';
import { createCaller, type Answer, type Asked, type Caller } from './https.ts';

/** Those who attack, and the operator. */
export type Role =
  | 'operator'
  | 'owner'
  | 'user'
  | 'group'
  | 'provider'
  | 'emitter'
  | 'big'
  | 'partner'
  | 'customer'
  | 'stamp'
  | 'seller'
  | 'buyer'
  | 'otherBuyer';

/** Somebody with an access token. */
export interface Actor {
  readonly token: string;
  readonly principalId: string;
  readonly tenantId: string;
}

/** Password of the user. */
export const PASSWORD = 'correct-horse-battery';
export const USER_NAME = 'ann@tenant.example';

/** A server with subscriptions, usage and callers of each kind. */
export interface AttackedStamp {
  readonly server: Server;
  readonly caller: Caller;
  /** Ids of what the fixture has made, by the names of its placeholders. */
  known(name: string): string;
  actor(role: Role): Actor;
  /** Sends a request as this caller, JSON where it is no text. */
  as(role: Role, asked: Asked & { readonly json?: unknown }): Promise<Answer>;
  /** Makes another client with a role. */
  newClient(role: 'Owner' | 'Reader' | 'DelegatedProvider', scope: string): Promise<Actor>;
  /** Sends a request with this token. */
  ask(token: string, asked: Asked & { readonly json?: unknown }): Promise<Answer>;
}

const T = `/subscriptions/${SUBSCRIPTIONS.tenantSubscription}`;
const CLIENTS = {
  owner: { role: 'Owner', scope: T },
  group: { role: 'Reader', scope: `${T}/resourceGroups/web-rg` },
  provider: {
    role: 'DelegatedProvider',
    scope: `/subscriptions/${SUBSCRIPTIONS.resellerSubscription}`,
  },
  emitter: { role: 'Emitter', scope: T },
  big: { role: 'Reader', scope: `/subscriptions/${SUBSCRIPTIONS.bigSubscription}` },
} as const;

/**
 * Clients that the fixture makes: of a partner, of its customer, and of a stamp that reports; of a partner that sells, of
 * its customer, and of one of the provider.
 */
const OF_FIXTURE = {
  partner: 'reportingPartner',
  customer: 'reportedCustomer',
  stamp: 'stamp',
  seller: 'billingPartner',
  buyer: 'billedCustomer',
  otherBuyer: 'otherBilledCustomer',
} as const;

const FIXTURE_ROLES = ['partner', 'customer', 'stamp', 'seller', 'buyer', 'otherBuyer'] as const;

/** Fills the server with what the attacks need. */
export function withAttackedStamp(started: TestServer): AttackedStamp {
  const actors = new Map<Role, Actor>();
  let caller: Caller | undefined;
  let fixture: Fixture | undefined;
  before(async () => {
    const { server } = started;
    caller = createCaller(server, 16);
    fixture = await writeFixture(server);
    const mint = await tokenMint(server);
    for (const role of FIXTURE_ROLES) {
      const client: ClientConfig | undefined = fixture.clients[OF_FIXTURE[role]];
      assert.ok(client);
      const { clientId, tenantId } = client;
      const subject = { principalId: clientId, tenantId };
      actors.set(role, { ...subject, token: await mint({ ...subject, idtyp: 'app' }) });
    }
    const { operator } = server;
    const { clientId: principalId, tenantId } = operator;
    const of = { principalId, tenantId };
    actors.set('operator', { ...of, token: await mint({ ...of, idtyp: 'app' }) });
    for (const role of ['owner', 'group', 'provider', 'emitter', 'big'] as const) {
      actors.set(role, await addActor(server, mint, CLIENTS[role]));
    }
    actors.set('user', await addPerson(server, mint));
  });
  after(() => caller?.end());
  const actor = (role: Role): Actor => {
    const found = actors.get(role);
    assert.ok(found, 'callers are there from the first test on');
    return found;
  };
  const ask: AttackedStamp['ask'] = (token, { json, ...asked }) => {
    assert.ok(caller);
    return caller.ask({
      ...asked,
      headers: {
        authorization: `Bearer ${token}`,
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...asked.headers,
      },
      body: json === undefined ? asked.body : JSON.stringify(json),
    });
  };
  return {
    get server() {
      return started.server;
    },
    get caller() {
      assert.ok(caller);
      return caller;
    },
    known: (name) => {
      const found = fixture?.placeholders[name];
      assert.ok(found, name);
      return found;
    },
    actor,
    ask,
    as: (role, asked) => ask(actor(role).token, asked),
    newClient: async (role, scope) =>
      addActor(started.server, await tokenMint(started.server), { role, scope }),
  };
}

type Subject = Omit<Actor, 'token'> & { readonly idtyp: 'app' | 'user' };
type Mint = (subject: Subject) => Promise<string>;

/** Signs tokens as the authority does: what is attacked here is what comes after. */
async function tokenMint({ database, baseUrl }: Server): Promise<Mint> {
  const { rows } = await database.pool.query<{ kid: string; jwk: string }>(
    `select kid, private_jwk as jwk from authority_key
     where signs_from <= now() order by created_at desc limit 1`,
  );
  const [row] = rows;
  assert.ok(row, 'the authority has a key');
  const jwk: JWK = JSON.parse(row.jwk);
  const key = await importJWK(jwk, 'RS256');
  const now = Math.floor(systemClock.now().epochMilliseconds / 1_000);
  return ({ principalId, tenantId, idtyp }) =>
    new SignJWT({
      oid: principalId,
      appid: principalId,
      tid: tenantId,
      ver: '1.0',
      idtyp,
      ...(idtyp === 'app' ? { app_displayname: 'attacker' } : { upn: USER_NAME, name: 'Ann' }),
      jti: randomUUID(),
    })
      .setProtectedHeader({ alg: 'RS256', kid: row.kid, typ: 'at+jwt' })
      .setIssuer(`${baseUrl}/adfs`)
      .setAudience(baseUrl)
      .setSubject(principalId)
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + 3_600)
      .sign(key);
}

type Assigned = {
  readonly role: 'Owner' | 'Reader' | 'DelegatedProvider' | 'Emitter';
  readonly scope: string;
};

async function addActor(
  { database, stamp }: Server,
  mint: Mint,
  { role, scope }: Assigned,
): Promise<Actor> {
  const added = await database.transaction((tx) =>
    addClient(
      tx,
      { name: `attacker ${role}`, role, scope: parseScope(scope) },
      { clock: systemClock, homeTenantId: stamp.homeTenantId, actor: SYSTEM },
    ),
  );
  const subject = { principalId: added.clientId, tenantId: added.tenantId };
  return { ...subject, token: await mint({ ...subject, idtyp: 'app' }) };
}

async function addPerson({ database, stamp }: Server, mint: Mint): Promise<Actor> {
  const tenantId = stamp.homeTenantId;
  const changing = { clock: systemClock, actor: SYSTEM };
  const principalId = await database.transaction(async (tx): Promise<PrincipalId> => {
    const user = { name: 'Ann', userName: USER_NAME, tenantId, password: PASSWORD };
    const id = await addUser(tx, user, changing);
    const assignment = {
      principalId: id,
      principalTenantId: tenantId,
      principalType: 'User',
      role: 'Owner',
      scope: parseScope(T),
    } as const;
    await addRoleAssignment(tx, assignment, changing);
    return id;
  });
  const subject = { principalId, tenantId };
  return { ...subject, token: await mint({ ...subject, idtyp: 'user' }) };
}

/** Address of the usage of a subscription in June 2018, through the interface of tenants. */
export function usagePath(subscriptionId: string = SUBSCRIPTIONS.tenantSubscription): string {
  const query = new URLSearchParams({
    'api-version': '2015-06-01-preview',
    reportedStartTime: '2018-06-01T00:00:00Z',
    reportedEndTime: '2018-06-03T00:00:00Z',
    aggregationGranularity: 'Daily',
  });
  return `/subscriptions/${subscriptionId}/providers/Microsoft.Commerce/usageAggregates?${query.toString()}`;
}
