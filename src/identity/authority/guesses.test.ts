import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedClock } from '../../platform/index.ts';
import { createGuesses, type Guess } from './guesses.ts';

const START = Temporal.Instant.from('2026-03-01T00:00:00Z');

describe('guesses of passwords', () => {
  const newGuesses = () => createGuesses(fixedClock(START));
  const isRight = (guess: Guess): void => {
    assert.ok(guess.kind === 'counted');
    guess.succeed();
  };

  it('are slowed down for a name from where they come, not for its owner elsewhere', () => {
    const guesses = newGuesses();
    for (let at = 0; at < 10; at++) assert.equal(guesses.begin('ann', 'evil').kind, 'counted');
    assert.deepEqual(guesses.begin('ann', 'evil'), { kind: 'refused', wait: 1 });
    isRight(guesses.begin('ann', 'home'));
  });

  it('of a name from many places are slowed down everywhere but where it was signed in to', () => {
    const guesses = newGuesses();
    isRight(guesses.begin('ann', 'home'));
    for (let at = 0; at < 100; at++) {
      assert.equal(guesses.begin('ann', `evil ${at}`).kind, 'counted');
    }
    assert.equal(guesses.begin('ann', 'another').kind, 'refused');
    isRight(guesses.begin('ann', 'home'));
    assert.equal(guesses.begin('bob', 'another').kind, 'counted');
  });

  it('of many names from one place do not lock out who signs in from there', () => {
    const guesses = newGuesses();
    isRight(guesses.begin('ann', 'office'));
    for (let at = 0; at < 100; at++) {
      assert.equal(guesses.begin(`name ${at}`, 'office').kind, 'counted');
    }
    assert.equal(guesses.begin('bob', 'office').kind, 'refused');
    isRight(guesses.begin('ann', 'office'));
    assert.equal(guesses.begin('bob', 'home').kind, 'counted');
  });

  it('count nowhere when they are refused or not looked at', () => {
    const guesses = newGuesses();
    for (let at = 0; at < 10; at++) guesses.begin('ann', 'office');
    for (let at = 0; at < 500; at++) {
      assert.equal(guesses.begin('ann', 'office').kind, 'refused');
      const guess = guesses.begin('bob', 'office');
      assert.ok(guess.kind === 'counted');
      guess.takeBack();
    }
  });

  it('stay counted where somebody signs in to another name in between', () => {
    const guesses = newGuesses();
    for (let at = 0; at < 100; at++) {
      guesses.begin(`name ${at}`, 'office');
      isRight(guesses.begin('mallory', 'office'));
    }
    assert.equal(guesses.begin('ann', 'office').kind, 'refused');
  });
});
