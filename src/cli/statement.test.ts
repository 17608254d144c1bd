import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { withTestDatabase } from '../../test/support/database.ts';
import { SYSTEM } from '../audit/index.ts';
import { isJsonObject, parseDirectoryTenantId, parseSubscriptionId } from '../kernel/index.ts';
import { systemClock } from '../platform/index.ts';
import {
  GENESIS_HASH,
  contentOfWindow,
  hashOfWindow,
  newSigningKey,
  newStampKey,
  readRegistrationToken,
  signStatement,
  windowName,
  writeRegistrationToken,
} from '../reporting/index.ts';
import { addCommerceSubscription, putRegistration } from '../commerce/registration/index.ts';
import { hourNumber } from '../kernel/index.ts';
import { Arguments } from './arguments.ts';
import * as commerceMeter from './commerce-meter.ts';
import { makeContext } from './context.ts';
import type { Run } from './definition.ts';
import * as statement from './statement.ts';

const folder = mkdtempSync(join(tmpdir(), 'stackmeter-statement-'));
after(() => rmSync(folder, { recursive: true }));

const SUBSCRIPTION = parseSubscriptionId('cccccccc-0000-4000-8000-000000000001')!;
const HOME = parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000001')!;
const OWNER = {
  registrationId: '11111111-0000-4000-8000-000000000001',
  cloudId: '22222222-0000-4000-8000-000000000002',
};

/** Runs a command as the program does. */
async function run(
  command: Run,
  options: Readonly<Record<string, string>>,
  operands: readonly string[] = [],
  { url = 'postgres://nobody@127.0.0.1:1/none', json = true } = {},
): Promise<{ exitCode: number; out: string }> {
  const out = new PassThrough();
  const flags = { data: join(folder, 'data'), databaseUrl: url, json, logLevel: 'error' };
  const context = makeContext(flags, { out, err: new PassThrough(), isScreen: false });
  const printed = text(out);
  try {
    const exitCode = await command(context, new Arguments(operands, options));
    return { exitCode: exitCode ?? 0, out: (out.end(), await printed) };
  } finally {
    out.end();
  }
}

describe('statement verify, without a database', () => {
  const key = newSigningKey();
  const at = Temporal.Instant.from('2026-11-23T12:00:00Z');
  const digest = 'ab'.repeat(32);
  const manifest = { window: hourNumber(498_730), batches: 1, rows: 3, digest, meters: [] };
  const content = contentOfWindow(OWNER, { manifest, acceptedAt: at });
  const hash = hashOfWindow(GENESIS_HASH, content);
  const accepted = { manifest, acceptedAt: at, previousHash: GENESIS_HASH, hash };
  const file = (name: string, value: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
    return path;
  };
  const right = file('right.json', signStatement(OWNER, [accepted], at, key));
  const keys = file('keys.json', { keys: [{ ...newSigningKey().publicJwk }, key.publicJwk] });

  it('says that a statement holds, and whose it is', async () => {
    const { exitCode, out } = await run(statement.verify, { key: keys }, [right]);
    assert.equal(exitCode, 0);
    assert.deepEqual(JSON.parse(out), {
      valid: true,
      isKeyTrusted: true,
      ...OWNER,
      issuedAt: at.toString(),
      kid: key.kid,
      windows: 1,
      from: windowName(498_730),
      through: windowName(498_730),
      rows: 3,
    });
    const single = file('key.json', key.publicJwk);
    assert.equal((await run(statement.verify, { key: single }, [right])).exitCode, 0);
    const plain = await run(statement.verify, {}, [right], { json: false });
    assert.match(plain.out, /holds: 1 windows, 3 rows, signed with the key .* nobody vouched for/);
  });

  it('ends with 3 for one that was altered, or signed by somebody else', async () => {
    const altered = file(
      'altered.json',
      readFileSync(right, 'utf8').replace('"rows":3', '"rows":4'),
    );
    const { exitCode, out } = await run(statement.verify, { key: keys }, [altered]);
    assert.equal(exitCode, 3);
    assert.match(out, /2026-11-23T10Z was altered/);
    const other = file('other.json', newSigningKey().publicJwk);
    const refused = await run(statement.verify, { key: other }, [right], { json: false });
    assert.equal(refused.exitCode, 3);
    assert.match(refused.out, /another key/);
  });

  it('refuses files that are not there or hold something else', async () => {
    const tries = [
      run(statement.verify, {}, [join(folder, 'absent.json')]),
      run(statement.verify, {}, [file('text.json', 'text')]),
      run(statement.verify, { key: file('empty.json', {}) }, [right]),
      run(statement.verify, { key: file('list.json', []) }, [right]),
    ];
    for (const tried of tries) await assert.rejects(tried, { code: 'InvalidProperty' });
  });
});

describe('statement and commerce-meter', () => {
  const db = withTestDatabase();
  let registration = '';
  before(async () => {
    const changing = { clock: systemClock, actor: SYSTEM };
    const now = systemClock.now();
    const token = await writeRegistrationToken(
      {
        cloudId: OWNER.cloudId,
        billingModel: 'PayAsYouUse',
        usageReporting: true,
        marketplaceSyndication: false,
        agreementNumber: undefined,
        assetTag: undefined,
        fromWindow: hourNumber(498_730),
      },
      newStampKey(),
      now,
    );
    const checked = await readRegistrationToken(token, now);
    const place = { subscriptionId: SUBSCRIPTION, resourceGroup: 'g', name: 'stamp' };
    await db.database.pool.query(
      `insert into directory_tenant (tenant_id, name) values ($1, 'home')`,
      [HOME],
    );
    await db.database.transaction(async (tx) => {
      await addCommerceSubscription(
        tx,
        {
          subscriptionId: SUBSCRIPTION,
          displayName: 'test',
          kind: 'CSP',
          partnerId: 'partner',
          tenantId: undefined,
          multitenancyApproved: false,
        },
        changing,
      );
      const made = await putRegistration(tx, place, checked, { homeTenantId: HOME }, changing);
      registration = made.registration.registrationId;
    });
  });
  const json = async (command: Run, options: Record<string, string>, operands: string[] = []) => {
    const { out } = await run(command, options, operands, { url: db.url });
    const value: unknown = JSON.parse(out);
    return value;
  };

  it('writes a statement that verify takes', async () => {
    const out = join(folder, 'statement.json');
    assert.deepEqual(await json(statement.exportStatement, { out }, [registration]), {
      windows: 0,
      out,
    });
    assert.equal((await run(statement.verify, {}, [out])).exitCode, 0);
    const shown = await json(statement.show, { from: '2026-11-23T10Z' }, [registration]);
    assert.ok(isJsonObject(shown) && Array.isArray(shown['windows']));
    const table = await run(statement.show, {}, [registration], { url: db.url, json: false });
    assert.match(table.out, /^WINDOW +BATCHES +ROWS/);
  });

  it('refuses registrations, ranges and files that cannot be', async () => {
    for (const absent of [OWNER.registrationId, 'x']) {
      await assert.rejects(json(statement.show, {}, [absent]), { code: 'NotFound' });
    }
    await assert.rejects(json(statement.show, { from: 'now' }, [registration]), {
      code: 'InvalidProperty',
    });
    const out = join(folder, 'no', 'such', 'folder');
    await assert.rejects(json(statement.exportStatement, { out }, [registration]), {
      code: 'InvalidProperty',
    });
  });

  it('changes meters and lists what they were', async () => {
    const set = await json(commerceMeter.set, { meter: 'Backup', paid: 'yes', unit: 'GB' });
    assert.ok(isJsonObject(set));
    assert.deepEqual([set['version'], set['paid'], set['unit']], [1, true, 'GB']);
    await json(commerceMeter.set, { meter: 'backup', paid: 'no', subCategory: 'Vaults' });
    const history = await json(commerceMeter.history, {}, ['BACKUP']);
    assert.equal(Array.isArray(history) && history.length, 2);
    const table = await run(commerceMeter.list, {}, [], { url: db.url, json: false });
    assert.match(table.out, /^Backup +2 +Backup +Azure Stack Hub +Vaults +GB +no +operator$/m);
    const told = await run(commerceMeter.set, { meter: 'backup', paid: 'yes' }, [], {
      url: db.url,
      json: false,
    });
    assert.equal(told.out, 'Version 3 of Backup is in force: Backup, paid.\n');
    const empty = json(commerceMeter.history, {}, [' ']);
    await assert.rejects(empty, { code: 'InvalidProperty' });
  });
});
