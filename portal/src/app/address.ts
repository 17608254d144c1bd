import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { SearchTexts } from './area.ts';
import { addDays } from './clock.ts';

/** Reads what stands after `?`: each name a text, or a list where it is repeated. */
export function parseSearch(text: string): Record<string, string | string[]> {
  const found: Record<string, string | string[]> = {};
  const parameters = new URLSearchParams(text);
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name);
    found[name] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return found;
}

/** The same back, for people to read and to pass on. */
export function stringifySearch(search: object): string {
  const parameters = new URLSearchParams();
  const entries: [string, unknown][] = Object.entries(search);
  for (const [name, value] of entries) {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    for (const one of values) {
      if (typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean') {
        parameters.append(name, String(one));
      }
    }
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/** One text of the address; undefined where there is none or it is empty. */
export function textOf(search: SearchTexts, name: string): string | undefined {
  const value = search[name];
  const text = typeof value === 'string' ? value : value?.[0];
  return text === '' ? undefined : text;
}

/** All texts of a name. */
export function textsOf(search: SearchTexts, name: string): readonly string[] {
  const value = search[name];
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

/** One of some words; undefined for anything else. */
export function wordOf<W extends string>(
  search: SearchTexts,
  name: string,
  words: readonly W[],
): W | undefined {
  const text = textOf(search, name);
  return words.find((word) => word === text);
}

/** A day such as 2026-11-23; undefined for anything else. */
export function dayOf(search: SearchTexts, name: string): string | undefined {
  const text = textOf(search, name);
  const isDay = text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text);
  if (!isDay || Number.isNaN(Date.parse(text))) return undefined;
  // The 30th of February is the 2nd of March to a browser.
  return addDays(text, 0) === text ? text : undefined;
}

/**
 * What the page's validateSearch made of the address, and how to change some of it. `undefined` takes a part
 * away.
 */
export function useSearchState<T extends object>(): readonly [
  T,
  (change: Partial<T>, options?: { readonly replace?: boolean }) => void,
] {
  // What the page's own validateSearch returned.
  const search = useSearch({ strict: false }) as T;
  const navigate = useNavigate();
  const change = useCallback(
    (part: Partial<T>, { replace = false }: { readonly replace?: boolean } = {}) => {
      void navigate({
        to: '.',
        search: (before: object) => ({ ...before, ...part }),
        replace,
        resetScroll: false,
      });
    },
    [navigate],
  );
  return [search, change];
}

/** A part of the path, such as `number` of `/invoices/$number`. */
export function usePart(name: string): string {
  const parts: Readonly<Record<string, string | undefined>> = useParams({ strict: false });
  return parts[name] ?? '';
}
