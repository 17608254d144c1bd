/// <reference types="node" />
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createIntl } from 'react-intl';
import type { Area } from '../app/area.ts';
import { common } from '../app/messages.ts';

type Texts = Readonly<Record<string, string>>;
type Both = Readonly<Record<'en' | 'fr', Texts>>;

const root = join(import.meta.dirname, '..');

/** Texts of each area, with the titles of its routes. */
async function areasOf(): Promise<ReadonlyMap<string, Both>> {
  const found = new Map<string, Both>();
  for (const path of globSync('pages/*/routes.ts', { cwd: root }).toSorted()) {
    const { titles, messages }: Area = await import(join(root, path));
    const { en, fr } = await messages();
    found.set(path.split('/')[1] ?? '', {
      en: { ...en, ...titles.en },
      fr: { ...fr, ...titles.fr },
    });
  }
  return found;
}

const areas = await areasOf();
const all = [['common', common] as const, ...areas];

/** Names of the values that a text asks for; throws where it is no text of the format. */
function valuesOf(language: string, text: string): string[] {
  const names = new Set<string>();
  // One and many, so that each form of a plural is looked at.
  for (const count of [1, 5]) {
    let missing: string | undefined;
    do {
      missing = missingValue(
        language,
        text,
        Object.fromEntries([...names].map((one) => [one, count])),
      );
      if (missing !== undefined) names.add(missing);
    } while (missing !== undefined);
  }
  return [...names].toSorted();
}

/** The first value that a text asks for and does not get. */
function missingValue(
  language: string,
  text: string,
  values: Readonly<Record<string, number>>,
): string | undefined {
  let missing: string | undefined;
  const intl = createIntl({
    locale: language,
    messages: { text },
    onError: (error) => {
      missing = /context variable "([^"]+)" was not provided/.exec(error.message)?.[1];
      if (missing === undefined || Object.hasOwn(values, missing)) throw error;
    },
  });
  intl.formatMessage({ id: 'text' }, values);
  return missing;
}

describe('texts', () => {
  it('are there', () => assert.ok(all.length >= 3 && areas.has('invoices')));

  for (const [area, { en, fr }] of all) {
    it(`of ${area} are the same in both languages, with the same values`, () => {
      assert.deepEqual(Object.keys(fr).toSorted(), Object.keys(en).toSorted());
      for (const [id, text] of Object.entries(en)) {
        assert.deepEqual(valuesOf('fr', fr[id] ?? ''), valuesOf('en', text), id);
        assert.notEqual(fr[id]?.trim(), '', id);
      }
    });
  }

  it('that pages ask for by name exist', () => {
    let count = 0;
    for (const path of globSync('**/*.tsx', { cwd: root })) {
      const [, area = ''] = path.startsWith('pages/') ? path.split('/') : [];
      const known = { ...common.en, ...allTitles(), ...textsFor(area) };
      const source = readFileSync(join(root, path), 'utf8');
      for (const [, id = ''] of source.matchAll(/\bsay\(\s*'([^']+)'/g)) {
        count++;
        assert.ok(Object.hasOwn(known, id), `${path} asks for '${id}'`);
      }
    }
    assert.ok(count > 200, `only ${count} were looked at`);
  });
});

/** Titles, which all pages may name. */
function allTitles(): Texts {
  const titles = [...areas.values()].flatMap(({ en }) => Object.entries(en));
  return Object.fromEntries(titles.filter(([id]) => id.includes('.nav')));
}

/** What the pages of an area may say; those of one without routes are used by others, and say what these have. */
function textsFor(area: string): Texts {
  const own = areas.get(area);
  if (own !== undefined || area === '') return own?.en ?? {};
  return Object.assign({}, ...[...areas.values()].map(({ en }) => en));
}
