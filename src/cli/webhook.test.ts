import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { withTestDatabase } from '../../test/support/database.ts';
import { ensureTls, systemClock } from '../platform/index.ts';
import { runForTest, type Ran } from './test-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'stackmeter-webhook-'));
after(() => rmSync(folder, { recursive: true }));

describe('webhook', () => {
  const db = withTestDatabase();
  const ca = join(folder, 'ca.pem');
  let status = 204;
  let [url, stop] = ['', (): void => undefined];
  before(async () => {
    const tls = await ensureTls({ data: folder, hosts: ['localhost'], clock: systemClock });
    writeFileSync(ca, tls.ca);
    const server = createServer(tls, (_request, response) => void response.writeHead(status).end());
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new TypeError('no port');
    url = `https://localhost:${address.port}/hook`;
    stop = () => {
      server.closeAllConnections();
      server.close();
    };
  });
  after(() => stop());

  const run = (...argv: string[]): Promise<Ran> =>
    runForTest(['webhook', ...argv, '--data', folder, '--database-url', db.url]);
  const runJson = async (...argv: string[]) => {
    const { exitCode, out, err } = await run(...argv, '--json');
    assert.deepEqual([exitCode, err], [0, ''], argv.join(' '));
    return JSON.parse(out);
  };

  it('add shows a key once; list, change, rotate and remove do without it', async () => {
    const added = await runJson('add', url, '--type', 'invoice.issued', '--type', 'account.parked');
    assert.match(added.secret, /^whsec_/);
    assert.deepEqual(added.eventTypes, ['invoice.issued', 'account.parked']);
    const { out } = await run('list');
    assert.match(out, /invoice\.issued, account\.parked/);
    assert.doesNotMatch(out, /whsec/);
    const { state } = await runJson('change', added.endpointId, '--state', 'Disabled');
    assert.equal(state, 'Disabled');
    const rotated = await run('rotate', added.endpointId, '--hours', '2');
    assert.match(rotated.out, /until .*\nwhsec_/s);
    assert.match((await run('remove', added.endpointId)).out, /is gone/);
    for (const [argv, message] of [
      [['remove', added.endpointId], /no webhook endpoint/],
      [['add', 'http://localhost/'], /https/],
      [['add', url, '--type', 'x'], /each is one of/],
      [['add', url, '--ca', join(folder, 'missing')], /cannot be read/],
      [['rotate', added.endpointId, '--hours', '721'], /0 to 720/],
    ] as const) {
      const { exitCode, err } = await run(...argv);
      assert.equal(exitCode, 1, argv.join(' '));
      assert.match(err, message);
    }
  });

  it('test tells what came of it; messages and replay go on from there', async () => {
    const { endpointId } = await runJson('add', url, '--ca', ca);
    const taken = await run('test', endpointId);
    assert.deepEqual([taken.exitCode, taken.err], [0, '']);
    assert.match(taken.out, /was taken: it answered with 204/);
    status = 500;
    const failed = await run('test', endpointId);
    assert.equal(failed.exitCode, 3);
    assert.match(failed.out, /not taken yet: it answered with 500/);
    const [last, first, ...others] = await runJson('messages', endpointId);
    assert.deepEqual([last.state, first.state, others.length], ['Pending', 'Delivered', 0]);
    assert.match((await run('messages', endpointId, '--state', 'Pending')).out, /webhook\.test/);
    const replayed = await runJson('replay', endpointId, '--message', first.messageId);
    assert.deepEqual(replayed, { messages: 1 });
    assert.equal((await runJson('replay', endpointId, '--since', '2026-01-01T00:00Z')).messages, 2);
    assert.match((await run('replay', endpointId)).err, /one of --message, --since and --dead/);
  });
});
