import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkHouseRules } from './house-rules.ts';
import { longestFile, longestFunction, longestReadme } from './rules/sizes.ts';

const allowances = 'scripts/check/allowances.json';

const house: Readonly<Record<string, string>> = {
  'src/kernel/README.md': '# Kernel\n',
  'src/kernel/decimal.ts': 'export const zero = 0n;\n',
  'src/platform/README.md': '# Platform\n',
  'src/platform/clock.ts': 'export const now = () => Temporal.Now.instant();\n',
  'src/cli/README.md': '# Command line\n',
  'src/cli/index.ts': "export const hello = () => console.log('hello');\n",
};

function faultsOf(changes: Readonly<Record<string, string>>): string[] {
  const project = new Map(Object.entries({ ...house, ...changes }));
  return checkHouseRules(project).map(({ rule, path, line }) => `${rule} ${path}:${line}`);
}

const inKernel = (source: string): string[] => faultsOf({ 'src/kernel/a.ts': source });

describe('house rules on calls', () => {
  it('find nothing where all is well', () => assert.deepEqual(faultsOf({}), []));

  const banned = [
    'Date.now();',
    'const f = Date.now;',
    'new Date();',
    'Date();',
    'Temporal.Now.instant();',
    "Date['now']();",
    "parseFloat('1');",
    "Number.parseFloat('1');",
    'process.env.HOME;',
    "console.log('x');",
  ];
  for (const source of banned) {
    it(`find ${source}`, () => {
      assert.deepEqual(inKernel(`\n${source}\n`), ['banned-call src/kernel/a.ts:2']);
    });
  }

  for (const source of [
    'Number(row.quantity);',
    '+price;',
    'Number(total.amount)',
    'parseInt(cost);',
  ]) {
    it(`find ${source} on an exact amount`, () => {
      assert.deepEqual(inKernel(source), ['exact src/kernel/a.ts:1']);
    });
  }

  it('leave alone what only looks like it', () => {
    const source = [
      '// Date.now() and new Date() are for the clock',
      "export const text = 'Date.now() process.env console.log';",
      'export const day = new Date(0);',
      'export const port = Number(portText);',
    ];
    assert.deepEqual(inKernel(source.join('\n')), []);
  });

  it('find Math.random in the simulator', () => {
    const path = 'src/stamp/sources/simulator/life.ts';
    const faults = faultsOf({ [path]: 'Math.random();' });
    assert.ok(faults.includes(`banned-call ${path}:1`));
  });

  it('find a default export', () => {
    assert.deepEqual(inKernel('export default 1;'), ['named-export src/kernel/a.ts:1']);
  });

  it('name the replacement', () => {
    const project = new Map(Object.entries({ ...house, 'src/kernel/a.ts': 'Date.now();' }));
    assert.match(checkHouseRules(project)[0]?.message ?? '', /take a Clock/);
  });
});

describe('house rules on length', () => {
  const lines = (count: number): string => '// a\n'.repeat(count);

  it('find a file that is too long', () => {
    assert.deepEqual(inKernel(lines(longestFile)), []);
    assert.deepEqual(inKernel(lines(longestFile + 1)), ['file-length src/kernel/a.ts:0']);
  });

  it('find a function that is too long, of each kind', () => {
    const body = lines(longestFunction - 1);
    assert.deepEqual(inKernel(`function f() {\n${lines(longestFunction - 2)}}\n`), []);
    const kinds = [
      `function f() {\n${body}}`,
      `const f = () => {\n${body}};`,
      `class A { f() {\n${body}} }`,
    ];
    for (const kind of kinds) {
      assert.deepEqual(
        inKernel(`${kind}\n`),
        ['function-length src/kernel/a.ts:1'],
        kind.slice(0, 20),
      );
    }
  });

  it('take a group of tests for a heading', () => {
    assert.deepEqual(inKernel(`describe('a', () => {\n${lines(longestFunction)}});\n`), []);
  });

  it('find a README of more than a page', () => {
    const faults = faultsOf({ 'src/kernel/README.md': 'line\n'.repeat(longestReadme + 1) });
    assert.deepEqual(faults, ['room src/kernel/README.md:0']);
  });
});

describe('house rules on rooms and texts', () => {
  it('find a room without door and sign', () => {
    const faults = faultsOf({ 'src/stamp/meters/meter.ts': '' });
    assert.deepEqual(faults, [
      'room src/stamp/meters/index.ts:0',
      'room src/stamp/meters/README.md:0',
    ]);
  });

  const planted: readonly [rule: string, line: string][] = [
    ['unfinished', ['TO', 'DO: later'].join('')],
    ['unfinished', ['// FIX', 'ME'].join('')],
    ['machine-path', ['see ', 'work', 'main'].join('/')],
    ['machine-path', ['"', 'home', 'anna', 'x"'].join('/')],
    ['conflict', `${'<'.repeat(7)} HEAD`],
    ['whole-suite', ['test.on', "ly('a', f)"].join('')],
  ];
  for (const [rule, line] of planted) {
    it(`find ${rule} in ${JSON.stringify(line)}`, () => {
      assert.deepEqual(faultsOf({ 'docs/a.md': `first\n${line}\n` }), [`${rule} docs/a.md:2`]);
    });
  }

  it('leave alone addresses and paths of the project', () => {
    const line = 'https://host/work/a src/work/b ./root/c ${base}/work/d';
    assert.deepEqual(faultsOf({ 'docs/a.md': line }), []);
  });
});

describe('house rules on manifests', () => {
  const lock = (packages: object): string => JSON.stringify({ lockfileVersion: 3, packages });

  it('find JSON that cannot be read', () => {
    assert.deepEqual(faultsOf({ 'docs/a.json': '{,}' }), ['json docs/a.json:0']);
  });

  it('find a lock file that npm ci would refuse', () => {
    const manifest = { 'package.json': '{"dependencies": {"a": "1.0.0"}}' };
    const own = { dependencies: { a: '1.0.0' } };
    const good = { '': own, 'node_modules/a': { version: '1.0.0' } };
    assert.deepEqual(faultsOf({ ...manifest, 'package-lock.json': lock(good) }), []);
    const gap = { ...good, 'node_modules/a': { optionalDependencies: { 'a-linux': '1.0.0' } } };
    const stale = { ...good, '': { dependencies: { a: '1.0.1' } } };
    const elsewhere = { ...good, 'node_modules/a': { resolved: 'http://mirror.local/a.tgz' } };
    for (const bad of [gap, stale, elsewhere]) {
      const faults = faultsOf({ ...manifest, 'package-lock.json': lock(bad) });
      assert.deepEqual(faults, ['lock package-lock.json:0'], JSON.stringify(bad));
    }
  });

  it('find a dependency without one exact version', () => {
    const own = { dependencies: { a: '^1.0.0' } };
    const faults = faultsOf({
      'package.json': JSON.stringify(own),
      'package-lock.json': lock({ '': own }),
    });
    assert.deepEqual(faults, ['pinned package-lock.json:0']);
  });
});

describe('allowances', () => {
  const tooLong = { 'src/kernel/a.ts': 'export default 1;' };
  const allow = (entries: unknown): Record<string, string> => ({
    [allowances]: JSON.stringify(entries),
  });
  const one = { rule: 'named-export', path: 'src/kernel/a.ts', reason: 'a plugin must be so' };

  it('excuse one rule in one file', () => {
    assert.deepEqual(faultsOf({ ...tooLong, ...allow([one]) }), []);
  });

  it('are a fault when they excuse nothing', () => {
    assert.deepEqual(faultsOf(allow([one])), [`allowance ${allowances}:0`]);
  });

  it('need a reason', () => {
    assert.throws(() => faultsOf(allow([{ ...one, reason: '' }])), /each with a reason/);
  });
});

describe('the check itself', () => {
  it('fails when it has looked at no code', () => {
    assert.deepEqual(
      checkHouseRules(new Map()).map(({ message }) => message),
      ['no code was looked at.'],
    );
  });
});
