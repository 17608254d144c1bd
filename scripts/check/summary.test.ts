import assert from 'node:assert/strict';
import test from 'node:test';
import { summary } from './summary.ts';

const types = { name: 'types', ok: true, seconds: 1.25 };
const tests = { name: 'tests', ok: true, seconds: 61 };

test('the summary ends in the count of tests', () => {
  const text = summary([types, tests], { passed: 12, failed: 0, skipped: 0 }, 62.25);
  assert.deepEqual(text.split('\n'), [
    'types             1.3 s  ok',
    'tests            61.0 s  ok',
    'total            62.3 s  ok',
    '',
    '12 passed, 0 failed',
  ]);
});

test('the summary says how many tests were skipped', () => {
  const text = summary([tests], { passed: 12, failed: 0, skipped: 3 }, 61);
  assert.equal(text.split('\n').at(-1), '12 passed, 0 failed, 3 skipped');
});

test('the summary counts a failed check, and a failed test once', () => {
  const failing = [
    { ...types, ok: false },
    { ...tests, ok: false },
  ];
  const text = summary(failing, { passed: 12, failed: 2, skipped: 0 }, 62);
  assert.match(text, /^types +1\.3 s {2}FAILED$/m);
  assert.match(text, /^total +62\.0 s {2}FAILED$/m);
  assert.equal(text.split('\n').at(-1), '12 passed, 3 failed');
});
