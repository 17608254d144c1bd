import assert from 'node:assert/strict';
import { afterEach, before, describe, it } from 'node:test';
import { createLog } from '../../platform/index.ts';
import { thumbprintOf } from '../../reporting/index.ts';
import { applyActivationKey } from './activating.ts';
import { hasRetiredKeys, listUsableKeys } from './key-store.ts';
import { withBridgeLock } from './lock.ts';
import { rotateBridgeKey } from './rotate.ts';
import { withTestBridge } from './test-bridge.ts';
import type { Asked, Fault } from './test-commerce.ts';

describe('rotating the key of the bridge', () => {
  const { stamp, commerce, changing, closeHour, activate, send, progress } = withTestBridge();
  before(() => activate());
  afterEach(() => {
    commerce.fault = () => undefined;
    commerce.status = 'Registered';
    commerce.asked.length = 0;
  });
  const active = async (): Promise<string> => (await listUsableKeys(stamp.database.pool))[0]!.kid;
  const known = (): string[] => commerce.keys.map(thumbprintOf);
  const isOnCredential = ({ path }: Asked): boolean => path.endsWith('/credential');
  const onCredential =
    (fault: Fault, from = 1) =>
    (asked: Asked): Fault | undefined =>
      isOnCredential(asked) && asked.times >= from ? fault : undefined;
  const stated = (): number => commerce.asked.filter(isOnCredential).length;
  const isEnded = async (): Promise<boolean> => !(await hasRetiredKeys(stamp.database.pool));
  /** A rotation that arrived and was not confirmed. @returns the new key, and the one before */
  const interrupted = async (): Promise<[string, string]> => {
    const first = await active();
    commerce.asked.length = 0;
    commerce.fault = onCredential('drop', 2);
    await assert.rejects(rotateBridgeKey(stamp, changing), { code: 'CommerceUnreachable' });
    commerce.fault = () => undefined;
    commerce.asked.length = 0;
    const next = await active();
    assert.notEqual(next, first);
    assert.deepEqual([known(), await isEnded()], [[first, next], false]);
    return [next, first];
  };

  it('ends the old key at commerce, and forgets it here', async () => {
    const first = await active();
    const { thumbprint } = await rotateBridgeKey(stamp, changing);
    assert.notEqual(thumbprint, first);
    assert.deepEqual([await active(), known(), await isEnded()], [thumbprint, [thumbprint], true]);
    const { rows } = await stamp.database.pool.query<{ keys: number; told: number }>(
      `select (select count(*)::int from bridge_key) as keys,
              (select count(*)::int from audit_event where detail::text like '%key before was ended%') as told`,
    );
    assert.deepEqual(rows, [{ keys: 1, told: 1 }]);
    // Nothing more is said of it.
    commerce.asked.length = 0;
    await send();
    assert.equal(stated(), 0);
  });

  it('tells commerce with the new key only, once that has signed in', async () => {
    await rotateBridgeKey(stamp, changing);
    const paths = commerce.asked.map(({ path }) => path.split('/').at(-1));
    const own = commerce.asked[1]?.path.split('/').at(-1);
    assert.deepEqual(paths, ['token', own, 'credential', 'token', own, 'credential']);
  });

  it('is ended by the next pass', async () => {
    const [next] = await interrupted();
    await closeHour(1);
    assert.deepEqual(await send(), { kind: 'done', windows: 1 });
    assert.deepEqual([known(), await isEnded(), stated()], [[next], true, 1]);
  });

  it('is ended by the next rotation, which begins no other', async () => {
    const [next] = await interrupted();
    assert.deepEqual(await rotateBridgeKey(stamp, changing), { thumbprint: next });
    assert.deepEqual([known(), await isEnded(), stated()], [[next], true, 1]);
    assert.notEqual((await rotateBridgeKey(stamp, changing)).thumbprint, next);
  });

  it('is told again when commerce had ended the key and the answer was lost', async () => {
    const [next] = await interrupted();
    commerce.keys = commerce.keys.slice(1);
    assert.equal((await send()).kind, 'done');
    assert.deepEqual([known(), await isEnded()], [[next], true]);
  });

  it('does not hold reporting up while it cannot be ended', async () => {
    const [next, first] = await interrupted();
    const lines: string[] = [];
    const log = createLog({ level: 'warn' }, { write: (line) => lines.push(line) });
    for (const fault of ['drop', { status: 500 }, { status: 200, body: {} }] as const) {
      commerce.fault = onCredential(fault);
      await closeHour(1);
      assert.deepEqual(await send({ log }), { kind: 'done', windows: 1 });
      assert.deepEqual([known(), await isEnded()], [[first, next], false]);
    }
    assert.equal((await progress()).failures, 0);
    assert.equal(lines.filter((line) => line.includes('told again later')).length, 3);
    commerce.fault = () => undefined;
    await send();
    assert.deepEqual([known(), await isEnded()], [[next], true]);
  });

  it('stays as it is while another process rotates, and of a registration that is removed', async () => {
    const [next] = await interrupted();
    await withBridgeLock(stamp.database, 'bridge rotation', () => send());
    commerce.status = 'Removed';
    await send();
    assert.deepEqual([stated(), await isEnded()], [0, false]);
    commerce.status = 'Registered';
    await send();
    assert.deepEqual([stated(), known(), await isEnded()], [1, [next], true]);
  });

  it('gives up at once when the pass is ended', async () => {
    await interrupted();
    const stopping = new AbortController();
    commerce.fault = (asked) => {
      if (!isOnCredential(asked)) return undefined;
      stopping.abort(new Error('stopped by the test'));
      return 'hang';
    };
    await assert.rejects(send({ signal: stopping.signal }), /stopped by the test/);
    assert.equal(await isEnded(), false);
    commerce.fault = () => undefined;
    await send();
    assert.equal(await isEnded(), true);
  });

  it('refuses activation keys of keys that were replaced', async () => {
    const [, first] = await interrupted();
    const old = await commerce.activationKey({ thumbprint: first });
    const refused = (reason: RegExp): Promise<void> =>
      assert.rejects(applyActivationKey(stamp, old, changing), {
        code: 'InvalidActivationKey',
        message: reason,
      });
    await refused(/has replaced/);
    await send();
    await refused(/does not have/);
    const present = await commerce.activationKey({ thumbprint: await active() });
    assert.equal((await applyActivationKey(stamp, present, changing)).created, false);
  });
});
