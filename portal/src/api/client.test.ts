/// <reference types="node" />
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Session } from '../auth/session.ts';
import { addressOf, createApi } from './client.ts';
import { ApiError } from './error.ts';

let answer: (request: IncomingMessage, response: ServerResponse) => void;
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(`${request.headers.authorization} ${request.method} ${request.url}`);
  answer(request, response);
});

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  Object.assign(globalThis, { location: new URL(`http://127.0.0.1:${port}/portal/`) });
});
after(() => server.close());

/** A session whose tokens are 1, 2, 3; the sign-in page ends it. */
function sessionOf(): Session {
  let count = 1;
  return {
    token: () => Promise.resolve(String(count)),
    renew: () => Promise.resolve(String(++count)),
    signIn: () => Promise.reject(new Error('went to sign in')),
    signOut: () => Promise.reject(new Error('signed out')),
  };
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-ms-request-id': 'r-1' });
  response.end(JSON.stringify(body));
}

describe('the client', () => {
  it('asks once more with another token when one is refused', async () => {
    asked.length = 0;
    answer = (request, response) => {
      const isNew = request.headers.authorization === 'Bearer 2';
      reply(response, isNew ? 200 : 401, { value: 'exact 0.10' });
    };
    const api = createApi(sessionOf());
    assert.deepEqual(await api.get('/api/v1/things', { query: { a: ['1', '2'], b: undefined } }), {
      value: 'exact 0.10',
    });
    assert.deepEqual(asked, [
      'Bearer 1 GET /api/v1/things?a=1&a=2',
      'Bearer 2 GET /api/v1/things?a=1&a=2',
    ]);
  });

  it('goes to the sign-in page when the other token is refused too', async () => {
    answer = (_, response) => reply(response, 401, {});
    await assert.rejects(createApi(sessionOf()).get('/api/v1/me'), /went to sign in/);
  });

  it('tells the code, the message and the id of what was refused', async () => {
    answer = (_, response) =>
      reply(response, 404, { error: { code: 'InvoiceNotFound', message: 'There is none.' } });
    await assert.rejects(createApi(sessionOf()).get('/api/v1/invoices/X'), (error) => {
      assert.ok(error instanceof ApiError);
      const { status, code, message, requestId, isNotFound, isTransient } = error;
      assert.deepEqual(
        { status, code, message, requestId, isNotFound, isTransient },
        {
          status: 404,
          code: 'InvoiceNotFound',
          message: 'There is none.',
          requestId: 'r-1',
          isNotFound: true,
          isTransient: false,
        },
      );
      return true;
    });
  });

  it('tells that there was no answer', async () => {
    answer = (request) => request.socket.destroy();
    await assert.rejects(createApi(sessionOf()).get('/api/v1/me'), (error) => {
      assert.ok(error instanceof ApiError);
      assert.deepEqual([error.code, error.isTransient], ['NoAnswer', true]);
      return true;
    });
  });

  it('reads an answer without content, and files by the name they have', async () => {
    answer = (_, response) => response.writeHead(204).end();
    assert.equal(await createApi(sessionOf()).delete('/api/v1/things/1'), undefined);
    answer = (_, response) =>
      response
        .writeHead(200, { 'content-disposition': 'attachment; filename="A-1.pdf"' })
        .end('bytes');
    const file = await createApi(sessionOf()).file('/api/v1/invoices/A-1/documents/pdf');
    assert.deepEqual([file.name, await file.content.text()], ['A-1.pdf', 'bytes']);
  });

  it('sends its token to this server alone, whatever a link says', () => {
    assert.equal(
      addressOf('https://elsewhere.example/api/v1/things?$skiptoken=x'),
      '/api/v1/things?$skiptoken=x',
    );
    assert.equal(addressOf('//elsewhere.example/api/v1/me'), '/api/v1/me');
  });
});
