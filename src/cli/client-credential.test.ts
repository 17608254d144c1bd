import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { withTestDatabase } from '../../test/support/database.ts';
import { runForTest } from './test-run.ts';

// Of keys that nobody has any more.
const P256 = `-----BEGIN CERTIFICATE-----
MIIBIjCByaADAgECAgEBMAoGCCqGSM49BAMCMBgxFjAUBgNVBAMTDWRvY3VtZW50
YXRpb24wIBcNMjYwMTAxMDAwMDAwWhgPMjEyNjAxMDEwMDAwMDBaMBgxFjAUBgNV
BAMTDWRvY3VtZW50YXRpb24wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAR4SKDw
ZLpnCOioDsgOLZC0s6pESwed/wGiN14xViY1SlqCJQHS9bQNqklOgRX9QciY9gDV
LcvFvFLFXZ4KYSH5owIwADAKBggqhkjOPQQDAgNIADBFAiA7uoqGZndLML0bifVR
WA6EIDVszvBmmmvyPYr/kqimigIhANU5gXU3Bvevw67LlDw+laTfaTQ/9Y96aIjH
m6tmydlP
-----END CERTIFICATE-----
`;
const P384 = `-----BEGIN CERTIFICATE-----
MIIBXzCB5qADAgECAgEBMAoGCCqGSM49BAMCMBgxFjAUBgNVBAMTDWRvY3VtZW50
YXRpb24wIBcNMjYwMTAxMDAwMDAwWhgPMjEyNjAxMDEwMDAwMDBaMBgxFjAUBgNV
BAMTDWRvY3VtZW50YXRpb24wdjAQBgcqhkjOPQIBBgUrgQQAIgNiAAQKNSxFyOg7
Oj37MV33zutVK3nkCrcQ9J+eoxr2WpP2OivWK5Vo670Rjm8ISkAsd8p1pyq6L4js
2u+LpKNC+Mgv3rkvgiD4wFZEX6qg4SWA95YHCPnw4ARlmDlDYC1E7/OjAjAAMAoG
CCqGSM49BAMCA2gAMGUCMHeuD0FcMFOCl3A26eCQm7lGQxnqtlMr0RIIv3eDMuI5
UJkMlyqmfojHQbKhsbdCLgIxAPuyTq4802ocJ/aNAZQPgiB1RZMGEYrIM27e8iTI
4c/jMkTcgNsaPcRs6FAqzG2DTQ==
-----END CERTIFICATE-----
`;
const RSA_1024 = `-----BEGIN CERTIFICATE-----
MIIBqjCCAROgAwIBAgIBATANBgkqhkiG9w0BAQsFADAYMRYwFAYDVQQDEw1kb2N1
bWVudGF0aW9uMCAXDTI2MDEwMTAwMDAwMFoYDzIxMjYwMTAxMDAwMDAwWjAYMRYw
FAYDVQQDEw1kb2N1bWVudGF0aW9uMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKB
gQDKKa/EKENokQ35y19ZbuO0MPQjVY012KzhH+mEKBznFEVfFiXa/aV03nmvTkSu
9dxWOkjmkryNONu+c6rVBF5gI/t95GkR/1jyEeZzelD8nUWQhnbUY2AXHXZv02VE
QXetRPeL2J/8TvIxtAOCN3wZCS9bXSqJfDjMFZTgJSlAeQIDAQABowIwADANBgkq
hkiG9w0BAQsFAAOBgQBgPFAQjWSMNbWY3iMYlK1efm5P5izIRmGOctwbbyocp31o
3quaXA+MjH3ROSt/vBMme1HPJtTJwIZVJtCi2t2s6M5QzYdClYJOlScnfj3gqdpi
OOaGb76rMybKstIin7W75mGfhmgQgQeiCFbUjUdR3x4wkyesvuKqReOEA+DNCw==
-----END CERTIFICATE-----
`;
const EXPIRED = `-----BEGIN CERTIFICATE-----
MIIBIDCBx6ADAgECAgEBMAoGCCqGSM49BAMCMBgxFjAUBgNVBAMTDWRvY3VtZW50
YXRpb24wHhcNMjYwMTAxMDAwMDAwWhcNMjYwMTAyMDAwMDAwWjAYMRYwFAYDVQQD
Ew1kb2N1bWVudGF0aW9uMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEh0qY3A7Z
KUBODJmOH/2MhbgKurCl+Z9wpNkwOGh0nG9swk5VnhGtN7xjKt7F38p3ib5Nrph/
7QvTyTaAW8mzM6MCMAAwCgYIKoZIzj0EAwIDSAAwRQIgJ+t9r+y+p84G8kRJjCNN
J6O6Fwno9fC9KUP/m+ogcpwCIQCc0F8IdpG2njUmY443D0pcJypkPfcJDTBRFmDN
KGpqTQ==
-----END CERTIFICATE-----
`;

const folder = mkdtempSync(join(tmpdir(), 'stackmeter-certificates-'));
after(() => rmSync(folder, { recursive: true }));

describe('client add-certificate', () => {
  const db = withTestDatabase();
  const run = (...argv: string[]) =>
    runForTest([...argv, '--data', folder, '--database-url', db.url, '--json']);
  const file = join(folder, 'client.crt');

  const add = async (pem: string) => {
    const made = await run('client', 'add', '--name', 'x', '--role', 'Reader', '--scope', '/');
    writeFileSync(file, pem);
    return run('client', 'add-certificate', JSON.parse(made.out).clientId, '--file', file);
  };

  it('takes P-256 keys', async () => {
    const { exitCode, out, err } = await add(P256);
    assert.deepEqual([exitCode, err], [0, '']);
    assert.partialDeepStrictEqual(JSON.parse(out), { expiresAt: '2126-01-01T00:00:00Z' });
  });

  for (const [what, pem, message] of [
    ['RSA keys that are too short', RSA_1024, /its RSA key has 1024 bits, and at least 2048/],
    ['other curves', P384, /RSA or P-256 keys/],
    ['certificates that have expired', EXPIRED, /expired at 2026-01-02T00:00:00Z/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { exitCode, err } = await add(pem);
      assert.equal(exitCode, 1);
      assert.match(err, message);
    });
  }
});
