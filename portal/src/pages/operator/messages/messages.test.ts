import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { titles } from '../titles.ts';
import { en, fr } from './index.ts';

const NAME = /\{(\w+)(?=[},])/g;

function namesIn(text: string): string[] {
  return [...new Set([...text.matchAll(NAME)].map(([, name = '']) => name))].toSorted();
}

describe('texts for those who run the cloud', () => {
  const pairs = [
    [en, fr],
    [titles.en, titles.fr],
  ] as const;

  it('have the same values in both languages, and none is empty', () => {
    for (const [english, french] of pairs) {
      const other: Readonly<Record<string, string>> = french;
      for (const [id, text] of Object.entries(english)) {
        const translated = other[id] ?? '';
        assert.notEqual(translated.trim(), '', id);
        assert.deepEqual(namesIn(translated), namesIn(text), id);
      }
    }
  });

  it('have no straight apostrophe, which would begin a quotation in a message', () => {
    for (const texts of pairs.flat()) {
      for (const [id, text] of Object.entries(texts)) assert.ok(!text.includes("'"), id);
    }
  });
});
