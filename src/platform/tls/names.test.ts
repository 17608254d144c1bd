import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canonicalHost, certificateNames } from './names.ts';

describe('names of the server certificate', () => {
  it('always hold the loopback ones, and each given one once', () => {
    const names = certificateNames([
      'Usage.Example.org',
      '[::1]',
      '10.0.0.7',
      'usage.example.org.',
    ]);
    assert.deepEqual(names, [
      { type: 'ip', value: '10.0.0.7' },
      { type: 'ip', value: '127.0.0.1' },
      { type: 'ip', value: '::1' },
      { type: 'dns', value: 'localhost' },
      { type: 'dns', value: 'usage.example.org' },
    ]);
  });

  it('leave out the addresses that mean every interface', () => {
    const values = certificateNames(['0.0.0.0', '::']).map(({ value }) => value);
    assert.deepEqual(values, ['127.0.0.1', '::1', 'localhost']);
  });

  it('write one address one way', () => {
    assert.equal(canonicalHost('FD00:0:0::0001'), 'fd00::1');
    assert.equal(canonicalHost('*.Example.org'), '*.example.org');
  });

  for (const bad of ['', 'a b', 'https://x', 'x:9443', '-a.org', 'fe80::1%eth0', 'a..b']) {
    it(`refuse '${bad}'`, () => {
      assert.throws(() => certificateNames([bad]), { code: 'ConfigurationInvalid' });
    });
  }
});
