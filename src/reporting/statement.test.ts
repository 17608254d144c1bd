import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hourNumber, isJsonObject } from '../kernel/index.ts';
import type { Manifest } from './manifest.ts';
import {
  checkReceipt,
  contentOfWindow,
  GENESIS_HASH,
  hashOfWindow,
  readAccepted,
  signReceipt,
  writeAccepted,
  type AcceptedWindow,
} from './receipt.ts';
import { newSigningKey } from './signing.ts';
import { signStatement, verifyStatement } from './statement.ts';
import { meterSums, OWNER } from './test-reports.ts';

const key = newSigningKey();
const NOW = Temporal.Instant.from('2026-11-23T12:00:00.123Z');

function manifestOf(window: number, changes: Partial<Manifest> = {}): Manifest {
  const meters = [{ meterId: 'meter', rows: 2, quantity: '12.5' }];
  const digest = 'ab'.repeat(32);
  return { window: hourNumber(window), batches: 1, rows: 2, digest, meters, ...changes };
}

/** Chains manifests as commerce does. */
function chain(manifests: readonly Manifest[], previous: string = GENESIS_HASH): AcceptedWindow[] {
  let previousHash = previous;
  return manifests.map((manifest, at) => {
    const acceptedAt = NOW.add({ milliseconds: at });
    const hash = hashOfWindow(previousHash, contentOfWindow(OWNER, { manifest, acceptedAt }));
    const accepted = { manifest, acceptedAt, previousHash, hash };
    previousHash = hash;
    return accepted;
  });
}

const windows = chain([498_730, 498_731, 498_732].map((window) => manifestOf(window)));
const parsed = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const statementOf = (listed: readonly AcceptedWindow[]) =>
  parsed(signStatement(OWNER, listed, NOW, key));

function refuses(statement: unknown, reason: RegExp): void {
  const refused = { code: 'StatementInvalid', message: reason };
  assert.throws(() => verifyStatement(statement, key.publicJwk), refused);
}

describe('receipts', () => {
  const [accepted] = chain([manifestOf(498_730)]);
  const receipt = signReceipt(OWNER, accepted!, key);

  it('hold for their registration, window and manifest', () => {
    assert.deepEqual(
      checkReceipt(parsed(receipt), OWNER, accepted!.manifest, key.publicJwk),
      receipt,
    );
    assert.deepEqual(signReceipt(OWNER, accepted!, key), receipt);
  });

  it('do not hold for anything else', () => {
    const other = '99999999-0000-4000-8000-000000000009';
    const { manifest } = accepted!;
    const check = (value: unknown, changes: Partial<Manifest> = {}, owner = OWNER): string => {
      const answer = checkReceipt(value, owner, { ...manifest, ...changes }, key.publicJwk);
      assert.ok(typeof answer === 'string');
      return answer;
    };
    assert.match(check('text'), /no JSON object/);
    assert.match(check({ ...receipt, kid: undefined }), /missing/);
    assert.match(check({ ...receipt, registrationId: other }), /another registration/);
    assert.match(check({ ...receipt, window: '2026-11-23T11Z' }), /another window/);
    assert.match(check({ ...receipt, acceptedAt: 'yesterday' }), /time cannot be read/);
    assert.match(check({ ...receipt, acceptedAt: '2026-11-23T12:00:00Z' }), /something else/);
    assert.match(check(receipt, { rows: 3 }), /something else/);
    assert.match(check(receipt, { digest: 'cd'.repeat(32) }), /something else/);
    assert.match(check(receipt, { meters: [] }), /something else/);
    assert.match(check(receipt, {}, { ...OWNER, cloudId: other }), /something else/);
    const stranger = newSigningKey();
    const forged = signReceipt(OWNER, accepted!, stranger);
    assert.match(check(forged), /not that of commerce/);
    const signature = `${receipt.signature.startsWith('A') ? 'B' : 'A'}${receipt.signature.slice(1)}`;
    assert.match(check({ ...receipt, signature }), /not that of commerce/);
  });
});

describe('accepted windows', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(meterSums, fc.nat(1_000_000), (meters, window) => {
        const [accepted] = chain([manifestOf(window, { meters })]);
        const read = readAccepted(parsed(writeAccepted(accepted!)));
        assert.deepEqual(parsed(writeAccepted(read!)), parsed(writeAccepted(accepted!)));
      }),
    );
  });

  it('are nothing in another form', () => {
    const written = parsed(writeAccepted(windows[0]!));
    assert.ok(isJsonObject(written));
    assert.equal(readAccepted('text'), undefined);
    assert.equal(readAccepted({ ...written, acceptedAt: 'now' }), undefined);
    assert.equal(readAccepted({ ...written, hash: 1 }), undefined);
    assert.throws(() => readAccepted({ ...written, rows: -1 }), { code: 'InvalidReport' });
  });
});

describe('statements', () => {
  it('hold from the first window to the last, and when there is none', () => {
    const { windows: read, ...rest } = verifyStatement(statementOf(windows), key.publicJwk);
    assert.deepEqual(rest, { ...OWNER, issuedAt: NOW.toString(), kid: key.kid });
    assert.deepEqual(
      read.map(({ manifest }) => manifest),
      windows.map(({ manifest }) => manifest),
    );
    assert.equal(verifyStatement(statementOf([])).windows.length, 0);
    assert.equal(verifyStatement(statementOf(windows.slice(1))).windows.length, 2);
  });

  it('show a window that was altered, left out, moved or added', () => {
    const statement = statementOf(windows);
    assert.ok(isJsonObject(statement) && Array.isArray(statement['windows']));
    const list: readonly unknown[] = statement['windows'];
    const [first, second, third] = list;
    const withWindows = (...given: unknown[]): unknown => ({ ...statement, windows: given });
    refuses(withWindows(first, { ...parsedObject(second), rows: 3 }, third), /T11Z was altered/);
    refuses(withWindows(first, third), /chain breaks before the window 2026-11-23T12Z/);
    refuses(withWindows(first, second), /signature does not fit/);
    refuses(withWindows(second, third), /signature does not fit/);
    refuses(withWindows(second, first, third), /chain breaks/);
    refuses(withWindows(first, 'text', third), /window 2 cannot be read/);
    refuses(withWindows(first, {}, third), /window 2 cannot be read/);
    const backwards = chain([498_731, 498_730].map((window) => manifestOf(window)));
    refuses(statementOf(backwards), /T10Z is out of order/);
    const more = chain([manifestOf(498_733)], windows.at(-1)!.hash).map(writeAccepted);
    refuses(withWindows(...list, ...more), /signature does not fit/);
  });

  it('show who is another', () => {
    const statement = parsedObject(statementOf(windows));
    refuses({ ...statement, registrationId: OWNER.cloudId }, /T10Z was altered/);
    refuses({ ...statement, issuedAt: '2026-11-24T00:00:00Z' }, /signature does not fit/);
    const stranger = newSigningKey();
    refuses(parsed(signStatement(OWNER, windows, NOW, stranger)), /another key/);
    const swapped = { ...statement, publicKey: stranger.publicJwk };
    const refused = { code: 'StatementInvalid', message: /signature does not fit/ };
    assert.throws(() => verifyStatement(swapped), refused);
  });

  it('are refused in another form', () => {
    const statement = parsedObject(statementOf(windows));
    refuses(null, /no JSON object/);
    refuses({ ...statement, version: 2 }, /version/);
    refuses({ ...statement, publicKey: {} }, /no public key/);
    refuses({ ...statement, signature: 1 }, /missing/);
    refuses({ ...statement, windows: {} }, /missing/);
  });

  it('never hold when any byte of them says something else', () => {
    const text = JSON.stringify(signStatement(OWNER, windows, NOW, key));
    const before = JSON.stringify(JSON.parse(text));
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 32, max: 126 }), (at, code) => {
        const altered = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
        let value: unknown;
        try {
          value = JSON.parse(altered);
        } catch {
          return;
        }
        if (JSON.stringify(value) === before) return;
        assert.throws(() => verifyStatement(value, key.publicJwk), { code: 'StatementInvalid' });
      }),
      { numRuns: 2000 },
    );
  });
});

function parsedObject(value: unknown): Readonly<Record<string, unknown>> {
  assert.ok(isJsonObject(value));
  return value;
}
