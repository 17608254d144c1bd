import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { normalizeTarget } from './target.ts';

describe('request target', () => {
  const accepted: readonly (readonly [string, string])[] = [
    ['/metadata/endpoints?api-version=1.0', '/metadata/endpoints?api-version=1.0'],
    ['//metadata/endpoints', '/metadata/endpoints'],
    ['//evil.example//a///b?x=//y', '/evil.example/a/b?x=//y'],
    ['https://localhost:9443//a?b', '/a?b'],
    ['https://localhost:9443', '/'],
    ['https://localhost:9443?a=b', '/?a=b'],
    ['/a%20b/%C3%A9', '/a%20b/%C3%A9'],
    ['/a/...', '/a/...'],
    ['/a/%24count?%24top=1', '/a/$count?%24top=1'],
    ['/a/%2524count', '/a/%2524count'],
    ['/?a=%2e%2e%2f&b=..', '/?a=%2e%2e%2f&b=..'],
  ];
  for (const [received, url] of accepted) {
    it(`${received} is ${url}`, () => assert.deepEqual(normalizeTarget(received), { url }));
  }

  const refused = [
    '/a/../b',
    '/a/%2e%2E/b',
    '/a/.%2e',
    '/./a',
    '/a%2fb',
    '/a%2Fb',
    '/a%5cb',
    '/a\\b',
    '/a%00',
    '/a%0d%0ab',
    '/%ff',
    '/%zz',
    '/a%',
    '/a?b=%ff',
    '/a?b=%00',
    '/a#b',
    '/%C4%B0',
    '*',
    'a/b',
    '',
  ];
  for (const target of refused) {
    it(`'${target}' is refused`, () => {
      const { url, problem } = normalizeTarget(target);
      assert.equal(url, '/');
      assert.ok(problem);
    });
  }

  it('never gives the router a path that decodes to other segments than it is split into', () => {
    const piece = fc.constantFrom('/', '.', '%2e', '%2f', '%5C', '%25', 'a', '%00', '?', '\\', '%');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const { url, problem } = normalizeTarget(`/${pieces.join('')}`);
        if (problem !== undefined) return;
        const path = url.split('?', 1)[0] ?? '';
        assert.ok(!path.includes('//'));
        const segments = path.split('/').map((segment) => decodeURIComponent(segment));
        assert.ok(segments.every((segment) => !/^\.\.?$|[/\\]/.test(segment)));
      }),
    );
  });
});
