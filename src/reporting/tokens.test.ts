import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hourNumber } from '../kernel/index.ts';
import { readActivationKey, writeActivationKey, type ActivationKey } from './activation-key.ts';
import { billingModels, parseBillingModel, reportsByDefault } from './billing-model.ts';
import {
  readRegistrationToken,
  writeRegistrationToken,
  type RegistrationToken,
} from './registration-token.ts';
import { newSigningKey, newStampKey, readPublicJwk, thumbprintOf } from './signing.ts';
import { OWNER } from './test-reports.ts';

const NOW = Temporal.Instant.from('2026-11-23T12:00:00Z');
const TOKEN: RegistrationToken = {
  cloudId: OWNER.cloudId,
  billingModel: 'Custom',
  usageReporting: true,
  marketplaceSyndication: false,
  agreementNumber: undefined,
  assetTag: 'tag 1',
  fromWindow: hourNumber(498_730),
};
const KEY: ActivationKey = {
  ...OWNER,
  resourceId: '/subscriptions/x/registrations/y',
  clientId: OWNER.registrationId,
  thumbprint: 'thumb',
  commerceUrl: 'https://commerce.example:9443',
  tokenEndpoint: 'https://commerce.example:9443/token',
  ca: 'PEM',
  billingModel: 'PayAsYouUse',
  usageReporting: true,
  marketplaceSyndication: false,
  expiration: '2027-01-01T00:00:00Z',
  nextWindow: '2026-11-23T10Z',
};

describe('registration tokens', () => {
  const key = newStampKey();
  const refuses = (text: string, reason: RegExp, now = NOW): Promise<void> =>
    assert.rejects(readRegistrationToken(text, now), {
      code: 'InvalidRegistrationToken',
      message: reason,
    });

  it('are read as they were written, with the key that made them', async () => {
    const read = await readRegistrationToken(await writeRegistrationToken(TOKEN, key, NOW), NOW);
    const { publicJwk, thumbprint, issuedAt, ...stated } = read;
    assert.equal(issuedAt.equals(NOW), true);
    assert.deepEqual(stated, TOKEN);
    assert.deepEqual([publicJwk, thumbprint], [key.publicJwk, key.kid]);
  });

  it('are refused when altered, too old, too long or of another kind', async () => {
    const text = await writeRegistrationToken(TOKEN, key, NOW);
    const [header = '', payload = '', signature = ''] = text.split('.');
    const other = await writeRegistrationToken({ ...TOKEN, assetTag: 'tag 2' }, key, NOW);
    await refuses([header, other.split('.')[1], signature].join('.'), /not a token/);
    await refuses(`${header}.${payload}.`, /not a token/);
    await refuses('', /not a token/);
    await refuses('a'.repeat(8001), /longer than/);
    await refuses(await writeActivationKey(KEY, newSigningKey()), /not a token/);
    await refuses(text, /expired/, NOW.add({ hours: 32 * 24 + 1 }));
    await refuses(text, /in the future/, NOW.subtract({ hours: 49 }));
    await readRegistrationToken(text, NOW.add({ hours: 32 * 24 - 1 }));
    await readRegistrationToken(text, NOW.subtract({ hours: 47 }));
    const long = { ...TOKEN, assetTag: 'a'.repeat(101) };
    await refuses(await writeRegistrationToken(long, key, NOW), /100 printable/);
    const nameless = { ...TOKEN, cloudId: 'x' };
    await refuses(await writeRegistrationToken(nameless, key, NOW), /names no stamp/);
    const timeless = await writeRegistrationToken(
      TOKEN,
      key,
      Temporal.Instant.from('1969-12-31T00:00:00Z'),
    );
    await refuses(timeless, /when it was made/, Temporal.Instant.from('1969-12-31T00:00:00Z'));
  });
});

describe('activation keys', () => {
  const signer = newSigningKey();

  it('are read as they were written, with the key of commerce', async () => {
    for (const change of [{}, { expiration: undefined }, { nextWindow: undefined }]) {
      const key = { ...KEY, ...change };
      const { statementJwk, ...read } = await readActivationKey(
        ` ${await writeActivationKey(key, signer)}\n`,
      );
      assert.deepEqual(read, key);
      assert.deepEqual(statementJwk, signer.publicJwk);
    }
  });

  it('are refused when altered or made of something else', async () => {
    const text = await writeActivationKey(KEY, signer);
    const refused = async (key: string, reason: RegExp): Promise<void> =>
      assert.rejects(readActivationKey(key), { code: 'InvalidActivationKey', message: reason });
    await refused(`${text.slice(0, -6)}AAAAAA`, /not a key that commerce signed/);
    await refused('a'.repeat(20_001), /longer than/);
    const wrong: readonly (readonly [Partial<ActivationKey>, RegExp])[] = [
      [{ cloudId: 'x' }, /cloudId is no GUID/],
      [{ ca: '' }, /has no ca/],
      [{ commerceUrl: 'http://commerce.example' }, /no https address/],
      [{ expiration: 'never' }, /no time/],
      [{ nextWindow: '2026-11-23T10:00Z' }, /names no window/],
      [{ nextWindow: '' }, /has no nextWindow/],
    ];
    for (const [change, reason] of wrong) {
      await refused(await writeActivationKey({ ...KEY, ...change }, signer), reason);
    }
  });
});

describe('keys and billing models', () => {
  it('are read in the kinds that are used, without what is private', () => {
    for (const { privateJwk, publicJwk, kid } of [newSigningKey(), newStampKey()]) {
      assert.deepEqual(readPublicJwk({ ...privateJwk, kid }), publicJwk);
      assert.equal(thumbprintOf(publicJwk), kid);
    }
    const { publicJwk } = newStampKey();
    for (const other of [null, {}, { ...publicJwk, crv: 'P-384' }, { ...publicJwk, x: 'A' }]) {
      assert.equal(readPublicJwk(other), undefined);
    }
  });

  it('are known in any case, and report by default where use is paid or shown', () => {
    for (const model of billingModels) assert.equal(parseBillingModel(model.toUpperCase()), model);
    assert.equal(parseBillingModel('Free'), undefined);
    const reporting = billingModels.filter(reportsByDefault);
    assert.deepEqual(reporting, ['PayAsYouUse', 'Development', 'Ruggedized']);
  });
});
