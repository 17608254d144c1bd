import assert from 'node:assert/strict';
import test, { describe, it } from 'node:test';
import { areaOf, mayImport, rooms } from './architecture.ts';
import { checkBoundaries } from './boundaries.ts';
import { circles } from './circles.ts';

/** A small house in which all is well. */
const house: Readonly<Record<string, string>> = {
  'package.json': '{"dependencies": {"pg": "1.0.0"}, "devDependencies": {"fast-check": "1.0.0"}}',
  'src/kernel/decimal.ts': 'export const zero = 0n;',
  'src/kernel/index.ts': "export { zero } from './decimal.ts';",
  'src/platform/clock.ts': "import pg from 'pg';\nexport const clock = pg;",
  'src/stamp/directory/index.ts': "export * from './store.ts';",
  'src/stamp/directory/store.ts':
    "import { zero } from '../../kernel/decimal.ts';\nexport { zero as a };",
  'src/stamp/meters/index.ts': "import { a } from '../directory/index.ts';\nexport const b = a;",
  'src/stamp/meters/meter.test.ts': "import 'fast-check';\nimport '../../../test/support/a.ts';",
  'src/commerce/rating/index.ts': "import '../../platform/clock.ts';\nimport 'node:fs';",
  'test/support/a.ts': "import '../../src/stamp/directory/index.ts';",
};

function faultsOf(changes: Readonly<Record<string, string>>): string[] {
  const project = new Map(Object.entries({ ...house, ...changes }));
  return checkBoundaries(project).faults.map(({ rule, path, line }) => `${rule} ${path}:${line}`);
}

describe('boundaries', () => {
  it('finds nothing where all is well, and has looked', () => {
    const { faults, modules, arrows } = checkBoundaries(new Map(Object.entries(house)));
    assert.deepEqual(faults, []);
    assert.equal(modules, Object.keys(house).length - 1);
    assert.equal(arrows, 11);
  });

  const planted: readonly [what: string, path: string, source: string, ...faults: string[]][] = [
    [
      'an arrow against the pipeline',
      'src/stamp/directory/b.ts',
      "\nimport { b } from '../meters/index.ts';",
      'arrow src/stamp/directory/b.ts:2',
    ],
    [
      'an arrow by type alone',
      'src/stamp/directory/b.ts',
      "import type { B } from '../meters/index.ts';",
      'arrow src/stamp/directory/b.ts:1',
    ],
    [
      'an arrow by a type in place',
      'src/stamp/directory/b.ts',
      "export let b: import('../meters/index.ts').B;",
      'arrow src/stamp/directory/b.ts:1',
    ],
    [
      'an arrow by dynamic import',
      'src/stamp/directory/b.ts',
      "await import('../meters/index.ts');",
      'arrow src/stamp/directory/b.ts:1',
    ],
    [
      'an arrow by re-export',
      'src/platform/b.ts',
      "export * from '../stamp/meters/index.ts';",
      'arrow src/platform/b.ts:1',
    ],
    [
      'an arrow from the stamp to commerce',
      'src/stamp/meters/b.ts',
      "import '../../commerce/rating/index.ts';",
      'arrow src/stamp/meters/b.ts:1',
    ],
    [
      'an arrow from commerce to the stamp',
      'src/commerce/rating/b.ts',
      "import '../../stamp/meters/index.ts';",
      'arrow src/commerce/rating/b.ts:1',
    ],
    [
      'a kernel that imports a builtin',
      'src/kernel/b.ts',
      "import 'node:fs';",
      'arrow src/kernel/b.ts:1',
    ],
    [
      'a room entered past its door',
      'src/stamp/meters/b.ts',
      "import '../directory/store.ts';",
      'door src/stamp/meters/b.ts:1',
    ],
    [
      'a test entering another room past its door',
      'src/stamp/meters/b.test.ts',
      "import '../directory/store.ts';",
      'door src/stamp/meters/b.test.ts:1',
    ],
    [
      'a product that imports test code',
      'src/stamp/meters/b.ts',
      "import '../../../test/support/a.ts';",
      'product-only src/stamp/meters/b.ts:1',
    ],
    [
      'a product that imports a test beside it',
      'src/stamp/meters/b.ts',
      "import './meter.test.ts';",
      'product-only src/stamp/meters/b.ts:1',
    ],
    [
      'a product that imports a tool',
      'src/stamp/meters/b.ts',
      "import 'fast-check';",
      'product-only src/stamp/meters/b.ts:1',
    ],
    [
      'a file that is not there',
      'src/platform/b.ts',
      "import '../kernel/none.ts';",
      'exists src/platform/b.ts:1',
    ],
    [
      'a folder that is not on the map',
      'src/stamp/cellar/b.ts',
      '',
      'on-the-map src/stamp/cellar/b.ts:0',
    ],
    [
      'a file that imports itself in a circle',
      'src/kernel/decimal.ts',
      "import './index.ts';",
      'circle src/kernel/decimal.ts:0',
    ],
    ['code that is not read', 'src/platform/b.js', '', 'looked-at-all src/platform/b.js:0'],
    ['a file without syntax', 'src/platform/b.ts', 'let = (', 'parsed src/platform/b.ts:0'],
  ];
  for (const [what, path, source, ...expected] of planted) {
    it(`finds ${what}`, () => assert.deepEqual(faultsOf({ [path]: source }), expected));
  }

  it('fails when it has looked at no file, or seen no import', () => {
    const rules = (project: [string, string][]): string[] =>
      checkBoundaries(new Map(project)).faults.map(({ rule }) => rule);
    assert.deepEqual(rules([]), ['looked-at-all']);
    assert.deepEqual(rules([['src/kernel/a.ts', 'export const a = 1;']]), ['looked-at-all']);
  });
});

test('the map names no area that is not on it, and has no arrow both ways', () => {
  for (const [area, allowed] of Object.entries(mayImport)) {
    for (const other of allowed) {
      assert.ok(other in mayImport, `${area} may import ${other}, which has no line`);
      assert.ok(
        mayImport[other]?.includes(area) !== true,
        `${area} and ${other} import each other`,
      );
      assert.ok(!/^stamp.*commerce|^commerce.*stamp/.test(`${area} ${other}`), `${area} ${other}`);
    }
  }
  assert.ok(rooms.has('stamp/intake') && !rooms.has('kernel'));
});

test('an area is read from a path', () => {
  assert.equal(areaOf('src/stamp/intake/store.ts'), 'stamp/intake');
  assert.equal(areaOf('src/platform/database/index.ts'), 'platform');
  assert.equal(areaOf('src/main.ts'), 'main');
  assert.equal(areaOf('src/stray.ts'), undefined);
  assert.equal(areaOf('src/stamp/stray.ts'), undefined);
  assert.equal(areaOf('bench/main.ts'), '(bench)');
});

test('a circle is told once, by its shortest way', () => {
  const graph = new Map([
    ['a', ['b', 'outside']],
    ['b', ['c', 'a']],
    ['c', ['a']],
    ['d', ['a', 'd']],
  ]);
  assert.deepEqual(circles(graph), [['a', 'b'], ['d']]);
});
