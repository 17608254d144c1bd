import type { FastifyReply, FastifyRequest } from 'fastify';
import { queryParameters } from '../../../platform/index.ts';
import { cookieNames } from '../cookies.ts';

export const languages = ['en', 'fr'] as const;
export type Language = (typeof languages)[number];

const COOKIE = cookieNames.language;
const YEAR_SECONDS = 31_536_000;

function toLanguage(tag: string): Language | undefined {
  const primary = tag.trim().toLowerCase().split(/[-_;]/, 1)[0];
  return languages.find((language) => language === primary);
}

function firstOf(tags: readonly string[]): Language | undefined {
  for (const tag of tags) {
    const language = toLanguage(tag);
    if (language !== undefined) return language;
  }
  return undefined;
}

/** The first language of a list like that of `ui_locales`: `fr-CA fr en`. */
function ofLocales(list: string | undefined): Language | undefined {
  return list === undefined ? undefined : firstOf(list.split(' '));
}

/** `fr;q=0.9, en;q=0.8` by weight. */
function ofAcceptLanguage(header: string | undefined): Language | undefined {
  const weighed = (header ?? '').split(',').map((entry) => {
    const weight = /;\s*q=(0(?:\.\d{1,3})?|1)/.exec(entry)?.[1];
    return { entry, weight: weight === undefined ? 1 : Number(weight) };
  });
  const wanted = weighed.filter(({ weight }) => weight > 0);
  return firstOf(
    wanted.toSorted((one, other) => other.weight - one.weight).map(({ entry }) => entry),
  );
}

function ofCookie(header: string | undefined): Language | undefined {
  const [, value] = new RegExp(`(?:^|; *)${COOKIE}=(\\w{2})`).exec(header ?? '') ?? [];
  return value === undefined ? undefined : toLanguage(value);
}

/**
 * The language of a page: the one chosen on it now or earlier, else the one that the client asked
 * for, else the browser's, else English.
 */
export function languageOf(request: FastifyRequest, askedByClient?: string): Language {
  const { cookie, 'accept-language': accepted } = request.headers;
  return (
    chosen(request) ??
    ofCookie(cookie) ??
    ofLocales(askedByClient) ??
    ofAcceptLanguage(accepted) ??
    'en'
  );
}

function chosen(request: FastifyRequest): Language | undefined {
  return ofLocales(queryParameters(request).get('ui_locales'));
}

/** Keeps a choice made on a page for the pages after it. */
export function rememberLanguage(request: FastifyRequest, reply: FastifyReply): void {
  const language = chosen(request);
  if (language === undefined) return;
  const cookie = `${COOKIE}=${language}; Path=/; Max-Age=${YEAR_SECONDS}; Secure; HttpOnly; SameSite=Lax`;
  void reply.header('set-cookie', cookie);
}
