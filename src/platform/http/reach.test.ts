import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callHttps } from './call.ts';
import { isBeyondReach, isWithinReach, lookupWithin, type Reach } from './reach.ts';

const everywhere = ['93.184.215.14', '8.8.8.8', '2606:2800:21f::1', '::ffff:8.8.8.8'];
const inner = [
  '127.0.0.1',
  '10.1.2.3',
  '172.31.255.255',
  '192.168.0.1',
  '100.64.0.1',
  '::1',
  'fd12::1',
  '::ffff:10.0.0.1',
  '::ffff:7f00:1',
  '64:ff9b::a00:1',
  '2002:a00:1::1',
  '::7f00:1',
  '::ffff:0:7f00:1',
];
const nowhere = [
  '169.254.169.254',
  '::ffff:169.254.169.254',
  '0.0.0.0',
  '::',
  'fe80::1',
  '224.1.1.1',
  'fd00:ec2::254',
  '255.255.255.255',
  '168.63.129.16',
  '::ffff:168.63.129.16',
  '64:ff9b::a9fe:a9fe',
];

/** What a connection is told that looks a name up. */
function lookUp(name: string, reach: Reach, all: boolean): Promise<Error | string> {
  return new Promise((resolve) => {
    lookupWithin(reach)(name, { all }, (error, address) => {
      resolve(error ?? JSON.stringify(address));
    });
  });
}

describe('how far a call goes', () => {
  it('the public reaches what everybody does, the network what is in it too', () => {
    for (const address of everywhere) {
      assert.ok(isWithinReach(address, 'public'), address);
      assert.ok(isWithinReach(address, 'network'), address);
    }
    for (const address of inner) {
      assert.equal(isWithinReach(address, 'public'), false, address);
      assert.ok(isWithinReach(address, 'network'), address);
    }
    for (const address of nowhere) {
      assert.equal(isWithinReach(address, 'public'), false, address);
      assert.equal(isWithinReach(address, 'network'), false, address);
    }
    assert.equal(isWithinReach('localhost', 'network'), false);
  });

  it('an address may be written in many ways', () => {
    for (const host of ['127.0.0.1', '[::1]', '0x7f.1', '2130706433', '017700000001']) {
      assert.ok(isBeyondReach(new URL(`https://${host}/x`), 'public'), host);
    }
    assert.equal(isBeyondReach(new URL('https://example.org'), 'public'), false);
  });

  it('a name is looked up within it', async () => {
    for (const all of [true, false]) {
      const refused = await lookUp('localhost', 'public', all);
      assert.match(String(refused), /localhost is at an address that must not be called/);
      assert.match(String(await lookUp('localhost', 'network', all)), /127\.0\.0\.1|::1/);
    }
  });

  it('a call goes no further', async () => {
    for (const url of ['https://127.0.0.1:1', 'https://[::1]:1', 'https://localhost:1']) {
      await assert.rejects(callHttps(url, { reach: 'public' }), /must not be called/, url);
      await assert.rejects(callHttps(url, { reach: 'network' }), /ECONNREFUSED|connect/, url);
    }
    const metadata = 'https://169.254.169.254/latest/meta-data';
    await assert.rejects(callHttps(metadata, { reach: 'network' }), /must not be called/);
  });
});
