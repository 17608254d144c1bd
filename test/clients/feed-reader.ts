import assert from 'node:assert/strict';
import { Agent, request } from 'node:https';

export interface FeedClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

type Headers = Readonly<Record<string, string>>;
type Row = Readonly<Record<string, unknown>>;

export interface Rows {
  readonly value: readonly Row[];
  readonly '@odata.count'?: number;
  readonly '@odata.nextLink'?: string;
}

export interface FeedReader {
  /** @param path below the feed, or the whole address of a page */
  readonly read: (who: FeedClient, path: string, headers?: Headers) => Promise<Answer>;
  readonly rowsOf: (who: FeedClient, path: string, headers?: Headers) => Promise<Rows>;
  /** All rows, page by page. */
  readonly allOf: (who: FeedClient, path: string, pageSize: number) => Promise<readonly Row[]>;
}

/** Reads the feed of a server as a program does, with client id and secret. */
export function feedReader(
  server: () => { readonly baseUrl: string; readonly ca: string },
): FeedReader {
  const agent = new Agent({ keepAlive: false });
  const read: FeedReader['read'] = ({ clientId, clientSecret }, path, headers = {}) =>
    new Promise((resolve, reject) => {
      const { baseUrl, ca } = server();
      const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
      const url = new URL(path, `${baseUrl}/odata/v1/`);
      request(url, { ca, headers: { authorization, ...headers }, agent }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(parts).toString(),
          }),
        );
      })
        .on('error', reject)
        .end();
    });
  const rowsOf: FeedReader['rowsOf'] = async (who, path, headers) => {
    const { status, text } = await read(who, path, headers);
    assert.equal(status, 200, text);
    return JSON.parse(text);
  };
  const allOf: FeedReader['allOf'] = async (who, path, pageSize) => {
    const rows: Row[] = [];
    let next: string | undefined = path;
    while (next !== undefined) {
      const page: Rows = await rowsOf(who, next, { prefer: `odata.maxpagesize=${pageSize}` });
      assert.ok(page.value.length <= pageSize);
      rows.push(...page.value);
      next = page['@odata.nextLink'];
    }
    return rows;
  };
  return { read, rowsOf, allOf };
}
