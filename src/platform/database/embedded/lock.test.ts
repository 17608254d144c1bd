import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { systemClock } from '../../clock.ts';
import { exclusively, holdShared } from './lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'stackmeter-lock-'));
after(() => rmSync(folder, { recursive: true }));
const tools = { clock: systemClock };

it('one works at a time, and the next one after a failure', async () => {
  const file = join(folder, 'exclusive');
  const seen: string[] = [];
  const work = (name: string) =>
    exclusively(file, tools, async () => {
      seen.push(`${name} begins`);
      await systemClock.sleep(40);
      seen.push(`${name} ends`);
      if (name === 'failing') throw new Error('no');
    });
  const failing = work('failing');
  await Promise.all([assert.rejects(failing, /no/), work('next')]);
  assert.deepEqual(seen, ['failing begins', 'failing ends', 'next begins', 'next ends']);
});

it('a lock ends with the process that holds it', async () => {
  const file = join(folder, 'killed');
  const script = `
    const { exclusively } = await import(${JSON.stringify(import.meta.resolve('./lock.ts'))});
    await exclusively(${JSON.stringify(file)}, { clock: {} }, async () => {
      process.stdout.write('held');
      await new Promise((resolve) => setTimeout(resolve, 60000));
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  let told = false;
  const next = exclusively(file, tools, async () => {
    told = true;
  });
  await systemClock.sleep(100);
  assert.equal(told, false);
  child.kill('SIGKILL');
  await next;
});

it('the last of several who share something learns that it is the last', async () => {
  const file = join(folder, 'shared');
  const [one, other, third] = await Promise.all([
    holdShared(file, systemClock),
    holdShared(file, systemClock),
    holdShared(file, systemClock),
  ]);
  assert.equal(one.leave(), false);
  one.close();
  third.close();
  assert.equal(other.leave(), true);
  let joined = false;
  const late = holdShared(file, systemClock).then((hold) => {
    joined = true;
    return hold;
  });
  await systemClock.sleep(60);
  assert.equal(joined, false, 'nobody joins while the last one clears up');
  other.close();
  (await late).close();
});
