import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { withTestDatabase } from '../../test/support/database.ts';
import { runForTest, type Ran } from './test-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'stackmeter-roles-'));
after(() => rmSync(folder, { recursive: true }));

/** Of a key that nobody has any more; valid until 2126. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIDEzCCAfugAwIBAgIUBcrEtpiiPvEY4ksi7pFcPbDoOdgwDQYJKoZIhvcNAQEL
BQAwGDEWMBQGA1UEAwwNZG9jdW1lbnRhdGlvbjAgFw0yNjExMjMxNTE3MzhaGA8y
MTI2MTAzMDE1MTczOFowGDEWMBQGA1UEAwwNZG9jdW1lbnRhdGlvbjCCASIwDQYJ
KoZIhvcNAQEBBQADggEPADCCAQoCggEBALIhUU7WnpUrGbitoLHlgLvcGJT2RXk+
dlBrznmSOokrA9KsU5M5mhhHBJRtudNjmEyBPf/6eRbmrUgcRM6COqUpCsSKAeYr
iriFa+LadUC9bjpz4Mlf6TZiGq1nxNYq7SJwwO+Az6tH28TQqsdhO/b2iskVEEuS
CwLlTugXFsSwWBEnN1FhhCn8uQYc4rpH4/NtUgLXWsC0pIwBUIlV4a1rIaLns3CB
1RmOuOvF85AndwW4DBJpLMyvh/UmwejrUpMwiij5AOpdqza6m2Mm7B/WKAVKkiDD
t7egBho2+x7z+BM6YNxeuJfVYOxPUOSyVlcPXtpG8uiSP7TgpiNKIJkCAwEAAaNT
MFEwHQYDVR0OBBYEFBI1EBqDs+roDZWAjENGf2eGiMz5MB8GA1UdIwQYMBaAFBI1
EBqDs+roDZWAjENGf2eGiMz5MA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQEL
BQADggEBAADBRmOwy+1cHyiDXL03q25JLBZhMreNOMRKiMP2eCq1Gty0vYScM6Ke
dnwW8ti7tTAY65kLohTswgcKheErLH9DJEU6cC7LyX6roOstImO7/WBCU0LLOgr3
BZFa3sNlI1wLbmnGSXQn+TI5GFnrvK55SwEkNTp3xVxnDUKUYPoNNcWrk6yPeo5D
Ba0spYF8lAXet+RLfFdO0sWDHxLDHyuc2CqJRq3atvadHLO2U6bhnfb4mGBBw4op
N9XXdX4fDktkt8HbklwuduHIC8Em3KhIV7klLAcyt3+fHFLAjTMF7RHvhRQZE0Lj
d6HKWB41VDXHDeNPtHSoR+OI+0d+7Ck=
-----END CERTIFICATE-----
`;

const SOMEBODY = 'ffffffff-0000-4000-8000-000000000001';
const DIRECTORY = 'dddddddd-0000-4000-8000-000000000099';

describe('clients, roles and the audit trail at the command line', () => {
  const db = withTestDatabase();
  const run = (...argv: string[]): Promise<Ran> =>
    runForTest([...argv, '--data', folder, '--database-url', db.url]);
  const runJson = async (...argv: string[]) => {
    const { exitCode, out, err } = await run(...argv, '--json');
    assert.deepEqual([exitCode, err], [0, ''], argv.join(' '));
    return JSON.parse(out);
  };
  const refused = async (message: RegExp, ...argv: string[]): Promise<void> => {
    const { exitCode, err } = await run(...argv);
    assert.equal(exitCode, 1, argv.join(' '));
    assert.match(err, message);
  };

  it('a client gets further secrets and certificates, and loses them', async () => {
    const { clientId } = await runJson(
      'client',
      'add',
      '--name',
      'x',
      '--role',
      'Reader',
      '--scope',
      '/',
    );
    const file = join(folder, 'client.crt');
    writeFileSync(file, CERTIFICATE);
    const secret = await runJson('client', 'add-secret', clientId, '--expires-in-days', '30');
    assert.match(secret.clientSecret, /^[\w-]{43}$/);
    const certificate = await runJson('client', 'add-certificate', clientId, '--file', file);
    assert.match(certificate.thumbprint, /^[0-9a-f]{64}$/);
    const listed = await runJson('client', 'credentials', clientId);
    assert.deepEqual(
      listed.map(({ kind, name }: { kind: string; name: string }) => [kind, name]).toSorted(),
      [
        ['certificate', 'CN=documentation'],
        ['secret', 'first'],
        ['secret', 'further'],
      ],
    );
    assert.doesNotMatch(JSON.stringify(listed), new RegExp(secret.clientSecret));
    await runJson('client', 'remove-credential', clientId, secret.credentialId);
    assert.equal((await runJson('client', 'credentials', clientId)).length, 2);
    await refused(/nothing at/, 'client', 'remove-credential', clientId, secret.credentialId);
    await refused(/nothing at 'client/, 'client', 'add-secret', SOMEBODY);
    writeFileSync(file, 'no certificate');
    await refused(/PEM form/, 'client', 'add-certificate', clientId, '--file', file);
    await refused(/1 to 9999/, 'client', 'add-secret', clientId, '--expires-in-days', '0');
  });

  it('roles are shown, assigned, listed and removed', async () => {
    const shown = await runJson('role', 'show');
    assert.ok(shown.some(({ role }: { role: string }) => role === 'BillingReader'));
    const { out } = await run('role', 'show');
    assert.match(out, /^Emitter\n {2}Sends usage.*\n {4}Stackmeter.Metering\/usage\/emit$/m);
    const assign = ['role', 'assign', '--principal', SOMEBODY, '--scope', '/', '--role'];
    await refused(/give --tenant/, ...assign, 'Reader');
    const made = await runJson(...assign, 'billing reader', '--tenant', DIRECTORY);
    assert.partialDeepStrictEqual(made, {
      role: 'BillingReader',
      principalTenantId: DIRECTORY,
      principalType: 'Unknown',
    });
    const again = await runJson(...assign, 'BillingReader', '--tenant', DIRECTORY);
    assert.equal(again.assignmentId, made.assignmentId);
    assert.equal((await runJson('role', 'list', '--principal', SOMEBODY)).length, 1);
    assert.ok((await runJson('role', 'list', '--scope', '/')).length > 1);
    await refused(/one of Operator/, ...assign, 'King', '--tenant', DIRECTORY);
    const nowhere = ['--scope', `/subscriptions/${SOMEBODY}`];
    const reader = ['--principal', SOMEBODY, '--tenant', DIRECTORY, '--role', 'Reader'];
    await refused(/no subscription/, 'role', 'assign', ...reader, ...nowhere);
    await runJson('role', 'remove', made.assignmentId);
    await refused(/nothing at/, 'role', 'remove', made.assignmentId);
    assert.deepEqual(await runJson('role', 'list', '--principal', SOMEBODY), []);
  });

  it('the audit trail tells of all that, and verifies, also against a head noted before', async () => {
    const events = await runJson('audit', 'list', '--target', '/');
    assert.deepEqual(events, []);
    const all = await runJson('audit', 'list');
    const mine = all.filter(
      ({ actor }: { actor: { kind: string } }) => actor.kind === 'command-line',
    );
    assert.ok(mine.length >= 6);
    assert.match((await run('audit', 'list')).out, /roleAssignments\/delete/);
    const { head } = await runJson('audit', 'head');
    assert.deepEqual(await runJson('audit', 'verify', '--head', head), {
      intact: true,
      events: String(all.length),
      head,
    });
    assert.match((await run('audit', 'verify')).out, /is intact: \d+ events/);
    await refused(/has printed/, 'audit', 'verify', '--head', 'x');
    const other = `${head.split(':')[0]}:${'0'.repeat(64)}`;
    const broken = await run('audit', 'verify', '--head', other);
    assert.equal(broken.exitCode, 3);
    assert.match(broken.out, /does not hold at event \d+: its hash/);
  });
});
