import type { LightMyRequestResponse } from 'fastify';
import { FORM, ORIGIN, type TestAuthority } from './test-authority.ts';

/** A browser of one person: keeps cookies, follows redirects to us, fills in forms. */
export interface TestBrowser {
  /** Opens an address of ours; stops at a redirect that leads elsewhere. */
  open(address: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  /** Sends the form of a page, its hidden fields included. */
  submit(
    page: LightMyRequestResponse,
    fields: Record<string, string>,
    options?: { readonly follow?: boolean },
  ): Promise<LightMyRequestResponse>;
  /** Sends the page's form for signing in. */
  signIn(
    page: LightMyRequestResponse,
    userName: string,
    password: string,
    options?: { readonly follow?: boolean },
  ): Promise<LightMyRequestResponse>;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

/** @param origin of the authority */
export function createBrowser(
  { ask }: Pick<TestAuthority, 'ask'>,
  origin: string = ORIGIN,
): TestBrowser {
  let cookies: Cookie[] = [];

  const keep = (lines: string | string[] | undefined): void => {
    for (const line of [lines ?? []].flat()) {
      const [pair = '', ...attributes] = line.split(/; */);
      const at = pair.indexOf('=');
      const path = attributes.find((each) => /^path=/i.test(each))?.slice(5) ?? '/';
      const cookie = { name: pair.slice(0, at), value: pair.slice(at + 1), path };
      const isOther = (each: Cookie) => each.name !== cookie.name || each.path !== path;
      cookies = [...cookies.filter(isOther), ...(cookie.value === '' ? [] : [cookie])];
    }
  };

  async function send(
    address: string,
    options: { form?: URLSearchParams; headers?: Record<string, string>; follow?: boolean } = {},
  ): Promise<LightMyRequestResponse> {
    const url = new URL(address, origin);
    const sent = cookies.filter(({ path }) => url.pathname.startsWith(path));
    const reply = await ask({
      method: options.form === undefined ? 'GET' : 'POST',
      url: url.pathname + url.search,
      headers: {
        accept: 'text/html',
        ...options.headers,
        ...(sent.length > 0 && {
          cookie: sent.map(({ name, value }) => `${name}=${value}`).join('; '),
        }),
        ...(options.form !== undefined && { 'content-type': FORM }),
      },
      ...(options.form !== undefined && { payload: options.form.toString() }),
    });
    keep(reply.headers['set-cookie']);
    const next = reply.headers.location;
    if (next === undefined || options.follow === false) return reply;
    if (new URL(next, origin).origin !== origin) return reply;
    if (new URL(next, origin).pathname.startsWith('/portal')) return reply;
    return send(next, options.headers === undefined ? {} : { headers: options.headers });
  }

  const submit: TestBrowser['submit'] = (page, fields, options = {}) => {
    const action = /<form method="post" action="([^"]+)"/.exec(page.body)?.[1];
    if (action === undefined)
      throw new Error(`There is no form in ${page.statusCode} ${page.body}`);
    const form = new URLSearchParams();
    for (const [input] of page.body.matchAll(/<input\b[^>]*>/g)) {
      const name = /\bname="([^"]*)"/.exec(input)?.[1];
      const value = /\bvalue="([^"]*)"/.exec(input)?.[1];
      if (name !== undefined) form.set(name, unescape(value ?? ''));
    }
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return send(unescape(action), { form, ...options });
  };

  return {
    open: (address, headers) => send(address, headers === undefined ? {} : { headers }),
    submit,
    signIn: (page, user_name, password, options) => submit(page, { user_name, password }, options),
  };
}

function unescape(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
}

/** The words of a page, without markup. */
export function wordsOf({ body }: LightMyRequestResponse): string {
  const main = /<main>([\s\S]*)<\/main>/.exec(body)?.[1] ?? body;
  return unescape(main.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')).trim();
}
