import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { withTestDatabase } from '../../test/support/database.ts';
import { projectFolder } from '../platform/config/index.ts';
import { runForTest } from './test-run.ts';

const data = mkdtempSync(join(tmpdir(), 'stackmeter-connect-'));
after(() => rmSync(data, { recursive: true }));

/** Others rely on these. */
const KEYS = [
  'baseUrl',
  'caFile',
  'authorityUrl',
  'tenantId',
  'clientId',
  'clientSecret',
  'operatorSubscription',
  'subscriptionId',
  'start',
  'end',
  'commerceSubscriptionId',
  'registrationResourceId',
];

describe('serve and connect', () => {
  const db = withTestDatabase();
  const flags = (): string[] => ['--data', data, '--database-url', db.url, '--json'];

  it('connect needs a server', async () => {
    const { exitCode, err } = await runForTest(['connect', '--data', data]);
    assert.equal(exitCode, 1);
    assert.match(err, /No server runs on the data folder.*\n {2}Start one with stackmeter serve/);
  });

  it('serve answers, connect tells how, and a signal ends it with 0', async () => {
    const main = join(projectFolder, 'src/main.ts');
    const serve = [main, 'serve', ...flags(), '--port', '0', '--log-level', 'error'];
    const server = spawn(process.execPath, serve, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(server, 'exit');
    try {
      await Promise.race([once(server.stdout, 'data'), ended]);
      const { exitCode, out } = await runForTest(['connect', ...flags()]);
      assert.equal(exitCode, 0);
      const connection: unknown = JSON.parse(out);
      assert.ok(isConnection(connection));
      assert.deepEqual(Object.keys(connection), KEYS);
      assert.equal(connection['start'], null);
      const words = await runForTest(['connect', '--data', data, '--database-url', db.url]);
      assert.match(words.out, /az login --service-principal[^]*# curl/);
      assert.match(await fetchToken(connection), /"access_token"/);
      const second = await runForTest(['serve', ...flags(), '--port', '0']);
      assert.equal(second.exitCode, 1);
      assert.match(second.err, /"DataFolderInUse".*process id \d+ at https:/);
      assert.match(second.err, new RegExp(`process id ${server.pid} at`));
      assert.equal((await runForTest(['connect', ...flags()])).exitCode, 0);
    } finally {
      server.kill('SIGTERM');
    }
    assert.deepEqual(await ended, [0, null]);
    assert.equal(existsSync(join(data, 'server.json')), false);
  });

  it('a server that is gone is not taken for another process with its number', async () => {
    const address = { baseUrl: 'https://127.0.0.1:1', pid: process.pid };
    writeFileSync(join(data, 'server.json'), JSON.stringify(address));
    const { exitCode, err } = await runForTest(['connect', '--data', data]);
    assert.equal(exitCode, 1);
    assert.match(err, /No server runs/);
    rmSync(join(data, 'server.json'));
  });
});

function isConnection(value: unknown): value is Readonly<Record<string, string | null>> {
  return typeof value === 'object' && value !== null;
}

function fetchToken(connection: Readonly<Record<string, string | null>>): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: connection['clientId'] ?? '',
    client_secret: connection['clientSecret'] ?? '',
    scope: `${connection['baseUrl']}/.default`,
  }).toString();
  return new Promise((resolve, reject) => {
    const url = `${connection['authorityUrl']}/${connection['tenantId']}/oauth2/token`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const ca = readFileSync(connection['caFile'] ?? '');
    const sent = request(url, { method: 'POST', headers, ca, agent: false }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve(text));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
