import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { writeWhole } from './destination.ts';
import { isStoreAddress, s3Destination } from './s3.ts';
import { signatureOf } from '../../../test/support/s3-signature.ts';
import { withTestStore } from '../../../test/support/s3-store.ts';

const HELLO = Buffer.from('hello');
const inside = { reach: 'network' } as const;

/** The examples of Amazon's document, with the key and time that they have in common. */
const EXAMPLES: readonly (readonly [
  line: string,
  extra: Record<string, string>,
  signature: string,
])[] = [
  [
    'GET /test.txt',
    { range: 'bytes=0-9' },
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  ],
  [
    'PUT /test%24file.text',
    {
      date: 'Fri, 24 May 2013 00:00:00 GMT',
      'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    },
    '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  ],
  ['GET /?lifecycle', {}, 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
  [
    'GET /?max-keys=2&prefix=J',
    {},
    '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  ],
];

describe('the signature of a request to a store', () => {
  const store = withTestStore();

  it('is reckoned by the tests as the examples of the document have it', () => {
    for (const [line, extra, signature] of EXAMPLES) {
      const [method = '', target = ''] = line.split(' ');
      const headers: Record<string, string> = {
        host: 'examplebucket.s3.amazonaws.com',
        'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        'x-amz-date': '20130524T000000Z',
        ...extra,
      };
      const signedHeaders = Object.keys(headers).toSorted();
      const said = { day: '20130524', region: 'us-east-1', signedHeaders };
      const secret = store.target.secretAccessKey;
      assert.equal(signatureOf({ method, target, headers }, said, secret), signature, line);
    }
  });

  it('is right for all that is asked of one', async () => {
    const destination = s3Destination(store.target, inside);
    await writeWhole(destination, '202610-1/v000001/Cost_a=b.csv', HELLO);
    const large = await destination.create('large.bin');
    const chunk = Buffer.alloc(3_000_000, 'abc');
    for (let count = 0; count < 7; count++) await large.write(chunk);
    await large.commit();
    const given = await destination.create('given-up.bin');
    for (let count = 0; count < 3; count++) await given.write(chunk);
    await given.abandon();
    await writeWhole(destination, 'gone.csv', HELLO);
    await destination.remove('gone.csv');
    assert.deepEqual(
      [...store.objects.keys()],
      ['at/las/202610-1/v000001/Cost_a=b.csv', 'at/las/large.bin'],
    );
    assert.equal(store.objects.get('at/las/large.bin')?.length, 21_000_000);
    const kinds = new Set(store.asked.map((line) => line.replaceAll(/id%20of[^&]*|[0-9]+/g, '')));
    assert.equal(kinds.size, 9, [...kinds].join('\n'));
  });

  it('is wrong with another key or region, and that is told', async () => {
    const wrong = [
      [{ secretAccessKey: 'not-the-secret' }, /403 SignatureDoesNotMatch/],
      [{ accessKeyId: 'SOMEBODY' }, /403 InvalidAccessKeyId/],
      [{ region: 'us-east-1' }, /403 AuthorizationHeaderMalformed/],
    ] as const;
    for (const [change, said] of wrong) {
      const destination = s3Destination({ ...store.target, ...change }, inside);
      await assert.rejects(writeWhole(destination, 'x.csv', HELLO), said);
    }
  });
});

describe('a store that is up to no good', () => {
  const store = withTestStore();

  it('is not reached within the network of the operator', async () => {
    const { port } = new URL(store.target.endpoint);
    for (const endpoint of [
      store.target.endpoint,
      `http://localhost:${port}`,
      `https://127.0.0.1:${port}`,
      `https://localhost:${port}`,
      `https://[::1]:${port}`,
    ]) {
      const destination = s3Destination({ ...store.target, endpoint }, { reach: 'public' });
      await assert.rejects(
        writeWhole(destination, 'x.csv', HELLO),
        { code: 'ExportDestinationFailed' },
        endpoint,
      );
    }
    assert.deepEqual(store.asked, []);
  });

  it('answers without end, and is read no further than needed', async () => {
    store.answer = (request, response) => {
      request.resume();
      // Never ended: who reads on waits for ever.
      response.write('x'.repeat(3_000_000));
      return true;
    };
    const destination = s3Destination(store.target, inside);
    const error: unknown = await writeWhole(destination, 'x.csv', HELLO).catch(
      (reason: unknown) => reason,
    );
    assert.match(String(error instanceof Error && error.cause), /larger than 1048576 bytes/);
  });

  it('does not answer, and is given up', async () => {
    store.answer = () => true;
    const destination = s3Destination(store.target, { ...inside, patienceMs: 100 });
    await assert.rejects(writeWhole(destination, 'x.csv', HELLO), /does not answer/);
    const signal = AbortSignal.timeout(100);
    const stopped = s3Destination(store.target, { ...inside, signal });
    await assert.rejects(writeWhole(stopped, 'x.csv', HELLO), /cannot be reached/);
  });

  it('sends on to another, where nothing is sent', async () => {
    const before = store.asked.length;
    store.answer = (request, response) => {
      request.resume();
      response.writeHead(307, { location: `${store.target.endpoint}/elsewhere` }).end();
      return true;
    };
    const destination = s3Destination(store.target, inside);
    await assert.rejects(writeWhole(destination, 'x.csv', HELLO), /answered 307/);
    assert.equal(store.asked.length, before + 1);
  });

  it('has an address that is within reach, and encrypted where it leaves this machine', () => {
    for (const good of ['https://s3.example.org', 'http://127.0.0.1:9000', 'http://localhost:1']) {
      assert.equal(isStoreAddress(good, 'network'), true, good);
    }
    for (const bad of [
      'http://s3.example.org',
      'https://user:pass@s3.example.org',
      'https://s3.example.org/?x=1',
      'file:///etc',
      's3',
    ]) {
      assert.equal(isStoreAddress(bad, 'network'), false, bad);
    }
    assert.equal(isStoreAddress('https://s3.example.org', 'public'), true);
    for (const bad of [
      'http://127.0.0.1:9000',
      'http://localhost:1',
      'https://127.0.0.1',
      'https://10.0.0.1',
      'https://169.254.169.254',
      'https://[::ffff:10.0.0.1]',
    ]) {
      assert.equal(isStoreAddress(bad, 'public'), false, bad);
    }
  });
});
