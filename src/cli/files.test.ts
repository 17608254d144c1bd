import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { readFileOrInput, readOperandFile, writeOut } from './files.ts';

const folder = mkdtempSync(join(tmpdir(), 'stackmeter-cli-'));
after(() => rmSync(folder, { recursive: true }));

describe('files that a command names', () => {
  const path = join(folder, 'one.txt');
  const missing = join(folder, 'none', 'one.txt');

  it('are written and read', async () => {
    await writeOut('--out', path, 'some text');
    assert.equal(await readOperandFile('FILE', path), 'some text');
    await writeOut('--out', path, 'a secret', { isSecret: true });
    assert.equal(await readFileOrInput('FILE', path), 'a secret');
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it('that cannot be read or written are told with the operand or option', async () => {
    const read = { code: 'InvalidProperty', message: /none.* of FILE .*cannot be read.*ENOENT/ };
    await assert.rejects(readOperandFile('FILE', missing), read);
    await assert.rejects(readFileOrInput('FILE', missing), read);
    await assert.rejects(readOperandFile('--key', folder), { message: /--key.*EISDIR/ });
    const written = { code: 'InvalidProperty', message: /of --out .*cannot be written/ };
    await assert.rejects(writeOut('--out', missing, 'x'), written);
    await assert.rejects(writeOut('--out', folder, 'x', { isSecret: true }), written);
    assert.equal(readFileSync(path, 'utf8'), 'a secret');
  });
});
