import { Agent, request, type RequestOptions } from 'node:https';

/** A page, as far as somebody who fills in its form needs it. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly text: string;
}

const MOST_REDIRECTS = 10;

/** Follows links and fills in forms as a browser without scripts does. */
export class FormBrowser {
  readonly #agent: Agent;
  readonly #cookies = new Map<string, string>();

  constructor(ca: string) {
    this.#agent = new Agent({ ca });
  }

  close(): void {
    this.#agent.destroy();
  }

  async open(url: string, body?: URLSearchParams): Promise<Page> {
    let [address, sent] = [url, body];
    for (let turn = 0; turn < MOST_REDIRECTS; turn++) {
      const { status, text, location } = await this.#ask(address, sent);
      if (location === undefined || status < 300 || status > 399) {
        return { url: address, status, text };
      }
      address = new URL(location, address).href;
      sent = undefined;
    }
    throw new Error(`too many redirects from ${url}`);
  }

  /** Sends the first form of the page with the values given, hidden fields as they are. */
  async submit(page: Page, values: Readonly<Record<string, string>>): Promise<Page> {
    const [form, attributes = ''] = /<form\b([^>]*)>[\s\S]*?<\/form>/i.exec(page.text) ?? [];
    if (form === undefined) throw new Error(`there is no form on ${page.url}: ${page.text}`);
    const fields = new URLSearchParams();
    for (const [input] of form.matchAll(/<(?:input|button)\b[^>]*>/gi)) {
      const name = attribute(input, 'name');
      const value = name === undefined ? undefined : (values[name] ?? attribute(input, 'value'));
      const button = /^<button/i.test(input) || attribute(input, 'type') === 'submit';
      if (name !== undefined && !(button && values[name] === undefined))
        fields.set(name, value ?? '');
    }
    const action = new URL(attribute(`<${attributes}>`, 'action') ?? page.url, page.url);
    return this.open(action.href, fields);
  }

  #ask(
    url: string,
    body?: URLSearchParams,
  ): Promise<{ status: number; text: string; location: string | undefined }> {
    const sent = body?.toString();
    const options: RequestOptions = {
      agent: this.#agent,
      method: sent === undefined ? 'GET' : 'POST',
      headers: {
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(sent !== undefined && {
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': Buffer.byteLength(sent),
          origin: new URL(url).origin,
        }),
      },
    };
    return new Promise((resolve, reject) => {
      const asked = request(url, options, (answer) => {
        for (const cookie of answer.headers['set-cookie'] ?? []) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
          this.#cookies.set(name, value);
        }
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: answer.statusCode ?? 0, text, location: answer.headers.location });
        });
      });
      asked.on('error', reject);
      asked.end(sent);
    });
  }
}

function attribute(tag: string, name: string): string | undefined {
  const [, value] = new RegExp(`\\s${name}="([^"]*)"`, 'i').exec(tag) ?? [];
  return value
    ?.replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
