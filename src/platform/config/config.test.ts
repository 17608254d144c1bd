import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import {
  cacheFolder,
  configReference,
  describeConfig,
  ensureDataFolder,
  flagOf,
  loadConfig,
  optionNames,
  options,
  projectFolder,
  unknownVariables,
  variablesOf,
} from './index.ts';

const scratch = mkdtempSync(join(tmpdir(), 'stackmeter-config-'));
after(() => rmSync(scratch, { recursive: true }));

let files = 0;

function configFile(content: string): string {
  files += 1;
  const path = join(scratch, `${files}.json`);
  writeFileSync(path, content);
  return path;
}

function refusal(pattern: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof Error && 'code' in error);
    assert.equal(error.code, 'ConfigurationInvalid');
    assert.match(error.message, pattern);
    return true;
  };
}

describe('the configuration', () => {
  it('has its defaults when nothing is set', () => {
    const config = loadConfig({ env: {} });
    assert.equal(config.data, join(projectFolder, '.stackmeter'));
    assert.equal(config.port, 9443);
    assert.deepEqual(config.roles, ['stamp', 'commerce', 'portal']);
    assert.equal(config.databaseUrl, undefined);
    assert.equal(config.ingestQueueBytes, 67_108_864);
    assert.ok(Object.isFrozen(config));
  });

  it('takes a flag before a variable before the file', () => {
    const file = configFile('{"port": 1, "host": "file", "region": "file"}');
    const env = { STACKMETER_PORT: '2', STACKMETER_HOST: 'variable', STACKMETER_REGION: '' };
    const config = loadConfig({ flags: { port: '3', json: true }, env, file });
    assert.deepEqual([config.port, config.host, config.region], [3, 'variable', 'file']);
  });

  it('sees the file of trusted issuers from where it is named', () => {
    const env = { STACKMETER_TRUSTED_ISSUERS: 'issuers.json' };
    assert.equal(loadConfig({ env }).trustedIssuers, join(process.cwd(), 'issuers.json'));
    const file = configFile('{"trustedIssuers": "issuers.json"}');
    assert.equal(loadConfig({ env: {}, file }).trustedIssuers, join(scratch, 'issuers.json'));
    assert.throws(() => loadConfig({ flags: { trustedIssuers: ' ' } }), refusal(/path of a file/));
  });

  it('finds the file by its variable, and sees paths in it from its folder', () => {
    const file = configFile('{"data": "kept", "hostNames": ["a.example", "10.0.0.1"]}');
    const config = loadConfig({ env: { STACKMETER_CONFIG: file } });
    assert.equal(config.data, join(scratch, 'kept'));
    assert.deepEqual(config.hostNames, ['a.example', '10.0.0.1']);
  });

  it('reads DATABASE_URL after its own variable', () => {
    const env = {
      DATABASE_URL: 'postgres://plain/a',
      STACKMETER_DATABASE_URL: 'postgresql://own/b',
    };
    assert.equal(loadConfig({ env }).databaseUrl, 'postgresql://own/b');
    assert.equal(
      loadConfig({ env: { DATABASE_URL: env.DATABASE_URL } }).databaseUrl,
      env.DATABASE_URL,
    );
  });

  const refused: [string, string, RegExp][] = [
    ['port', '70000', /--port .*environment variable STACKMETER_PORT.*'70000'.*0 to 65535/],
    ['port', '1e3', /'1e3' is not a whole number/],
    ['roles', 'stamp,cook', /'cook' is not one or more of stamp, commerce, portal/],
    ['roles', ',', /',' is not one or more/],
    ['sharedBuffers', '8MB', /'8MB' is not a size of at least 16MB/],
    ['sharedBuffers', '1TB', /'1TB' is not a size/],
    ['logLevel', 'loud', /'loud' is not one of trace, debug/],
    ['region', '  ', /'  ' is not a text/],
    ['recordRetentionDays', '-1', /'-1' is not a whole number from 1/],
  ];
  for (const [name, text, pattern] of refused) {
    it(`refuses '${text}' for ${name} and says what is allowed`, () => {
      const variable = `STACKMETER_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
      assert.throws(() => loadConfig({ env: { [variable]: text } }), refusal(pattern));
    });
  }

  it('refuses a file that is missing, no JSON, no object, or names an unknown option', () => {
    const load = (file: string) => () => loadConfig({ env: {}, file });
    assert.throws(
      load(join(scratch, 'absent.json')),
      refusal(/--config.*absent\.json cannot be read/),
    );
    assert.throws(load(configFile('{')), refusal(/cannot be read as JSON/));
    assert.throws(load(configFile('[]')), refusal(/does not hold a JSON object/));
    assert.throws(
      load(configFile('{"prot": 1}')),
      refusal(/prot .*no such option; there are data,/),
    );
    assert.throws(load(configFile('{"port": {}}')), refusal(/--port .*text, a number or a list/));
  });

  it('never repeats a secret', () => {
    const secret = 'mysql://user:hunter2@host/db';
    assert.throws(
      () => loadConfig({ flags: { databaseUrl: secret }, env: {} }),
      (error) => error instanceof Error && !error.message.includes('hunter2'),
    );
    const config = loadConfig({ env: { DATABASE_URL: 'postgres://user:hunter2@host/db' } });
    assert.equal(describeConfig(config).databaseUrl, '(hidden)');
    assert.equal(describeConfig(loadConfig({ env: {} })).databaseUrl, undefined);
    assert.doesNotMatch(JSON.stringify(describeConfig(config)), /hunter2/);
  });

  it('reads back any size it can be given', () => {
    const units = fc.constantFrom(['MB', 2 ** 20] as const, ['gb', 2 ** 30] as const);
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 100_000 }), units, (count, [unit, bytes]) => {
        const config = loadConfig({ env: {}, flags: { sharedBuffers: `${count}${unit}` } });
        assert.equal(config.sharedBuffers, count * bytes);
      }),
    );
  });

  it('tells variables that set nothing', () => {
    const env = { STACKMETER_PROT: '1', STACKMETER_PORT: '1', STACKMETER_TEST_X: '1', PROT: '1' };
    assert.deepEqual(unknownVariables({ ...env, STACKMETER_CONFIG: 'x' }), ['STACKMETER_PROT']);
  });

  it('has a flag, a variable and a whole sentence for each option', () => {
    assert.equal(flagOf('recordRetentionDays'), '--record-retention-days');
    assert.deepEqual(variablesOf('databaseUrl'), ['STACKMETER_DATABASE_URL', 'DATABASE_URL']);
    for (const name of optionNames) assert.match(options[name].description, /^[A-Z].*\.$/s, name);
    const flags = optionNames.map(flagOf);
    assert.equal(new Set(flags).size, flags.length);
  });

  it('is what its reference page says', () => {
    const page = readFileSync(join(projectFolder, 'docs/reference/configuration.md'), 'utf8');
    assert.equal(page, configReference(), 'bin/run scripts/configuration-reference.ts --write');
  });
});

describe('folders', () => {
  it('are made closed, and only the data folder itself', () => {
    const data = join(scratch, 'above', 'data');
    ensureDataFolder(data);
    assert.equal(statSync(data).mode & 0o777, 0o700);
    const ordinary = join(scratch, 'ordinary');
    mkdirSync(ordinary);
    assert.equal(statSync(join(scratch, 'above')).mode, statSync(ordinary).mode);
  });

  it('keep the mode they had when something is in them', () => {
    const data = join(scratch, 'shared');
    mkdirSync(join(data, 'something'), { recursive: true });
    chmodSync(data, 0o755);
    ensureDataFolder(data);
    assert.equal(statSync(data).mode & 0o777, 0o755);
    rmSync(join(data, 'something'), { recursive: true });
    ensureDataFolder(data);
    assert.equal(statSync(data).mode & 0o777, 0o700);
  });

  it('for the cache follow the user', () => {
    assert.equal(cacheFolder({}, true), '/var/cache/stackmeter');
    assert.equal(cacheFolder({ XDG_CACHE_HOME: '/elsewhere' }, false), '/elsewhere/stackmeter');
    assert.match(cacheFolder({ XDG_CACHE_HOME: 'relative' }, false), /\/\.cache\/stackmeter$/);
  });
});
