import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Html, html, type Part } from './html.ts';
import { languages, type Language } from './language.ts';
import { texts } from './texts.ts';

const STYLE = `
:root{color-scheme:light dark;--text:#1b1b1f;--soft:#55555f;--back:#f3f4f7;--card:#fff;--line:#767680;--main:#0b5cad;--on:#fff;--bad:#b3261e;--badback:#fdeceb}
@media(prefers-color-scheme:dark){:root{--text:#ececf1;--soft:#b4b4bf;--back:#141418;--card:#1f1f25;--line:#8f8f9b;--main:#8ab8f0;--on:#0b1f36;--bad:#ffb4ab;--badback:#3a1512}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;align-items:center;justify-content:center;padding:1rem;background:var(--back);color:var(--text);font:1rem/1.5 system-ui,sans-serif}
main{width:100%;max-width:26rem;padding:2rem;background:var(--card);border-radius:.75rem;overflow-wrap:anywhere}
.brand{margin:0;color:var(--soft);font-weight:600}
h1{margin:.25rem 0 0;font-size:1.5rem;line-height:1.25}
p{margin:.5rem 0}
label{display:block;margin:1rem 0 .25rem;font-weight:600}
input{width:100%;padding:.625rem .75rem;border:1px solid var(--line);border-radius:.375rem;background:var(--card);color:var(--text);font:inherit}
.code{font:600 1.5rem/1.5 ui-monospace,monospace;letter-spacing:.1em}
input.code{text-transform:uppercase}
.buttons{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:1.5rem}
button{flex:1 1 8rem;padding:.625rem 1rem;border:1px solid var(--main);border-radius:.375rem;background:var(--main);color:var(--on);font:inherit;font-weight:600;cursor:pointer}
button.second{background:transparent;color:var(--main)}
:focus-visible{outline:3px solid var(--main);outline-offset:2px}
.problem{padding:.75rem;border-left:4px solid var(--bad);background:var(--badback);color:var(--bad)}
details{margin-top:1rem;color:var(--soft)}
nav{margin-top:1rem}
nav a{padding:.5rem;color:var(--main)}
nav [aria-current]{padding:.5rem;font-weight:600}
`;

const STYLE_SOURCE = `'sha256-${hash('sha256', STYLE, 'base64')}'`;

/**
 * Headers of a page: nothing is loaded, nothing runs, and nobody may frame it.
 *
 * @param redirectUri where the answer to its form leads in the end; browsers hold redirects after a
 * form to this rule too
 */
export function pageHeaders(redirectUri?: string): Record<string, string> {
  const away =
    redirectUri !== undefined && URL.canParse(redirectUri) ? ` ${new URL(redirectUri).origin}` : '';
  return {
    'content-security-policy':
      `default-src 'none'; style-src ${STYLE_SOURCE}; form-action 'self'${away}; ` +
      `frame-ancestors 'none'; base-uri 'none'`,
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };
}

/** What one page consists of. */
export interface Page {
  readonly language: Language;
  readonly title: string;
  readonly body: Html;
  /** The address of the page, without a language. */
  readonly address: string;
}

/** A whole page as text. */
export function renderPage({ language, title, body, address }: Page): string {
  const links = languages.map((each) => {
    const name = texts[each].language;
    return each === language
      ? html`<span aria-current="true" lang="${each}">${name}</span>`
      : html`<a href="${withLanguage(address, each)}" lang="${each}" hreflang="${each}"
          >${name}</a
        >`;
  });
  const { product, languages: label } = texts[language];
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} - ${product}</title>
        ${new Html(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <main>
          <p class="brand">${product}</p>
          <h1>${title}</h1>
          ${body}
        </main>
        <nav aria-label="${label}">${links}</nav>
      </body>
    </html> `.text;
}

/** Something that went wrong, told at once to those who do not see it. */
export function problem(text: Part): Html {
  return html`<p class="problem" role="alert" id="problem">${text}</p>`;
}

/** The address of the page that a request shows, without its language; after a form without its query. */
export function addressOf(request: FastifyRequest): string {
  const url = new URL(request.raw.url ?? '/', 'https://localhost');
  if (request.method === 'POST') url.search = '';
  url.searchParams.delete('ui_locales');
  return url.pathname + url.search;
}

function withLanguage(address: string, language: Language): string {
  const url = new URL(address, 'https://localhost');
  url.searchParams.set('ui_locales', language);
  return url.pathname + url.search;
}
