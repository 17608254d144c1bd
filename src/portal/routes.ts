import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fail } from '../kernel/index.ts';
import { json, originOf, plainSchemas, type Operation } from '../platform/index.ts';
import { PORTAL_CLIENT } from '../identity/index.ts';
import type { Pages } from './pages.ts';

/** What the routes of the portal are built on. */
export interface PortalApi {
  /** Undefined where they were not built: the portal then says so. */
  readonly pages: Pages | undefined;
  readonly region: string;
  /** The parts that this server runs. */
  readonly wings: readonly ('stamp' | 'commerce')[];
}

/** Parts of the longest address of a page after /portal. */
const MOST_PARTS = 5;
const ADDRESSES = Array.from({ length: MOST_PARTS + 1 }, (_, parts) =>
  Array.from({ length: parts }, (__, at) => `/:part${at + 1}`).join(''),
);

const ONE_YEAR = 31_536_000;
const NONCE_BYTES = 16;

const pageOperation = (parts: number): Operation => ({
  id: `getPortalPage${parts === 0 ? '' : parts}`,
  tag: 'portal',
  summary: 'A page of the portal',
  description: 'Every address below /portal is the same page, which reads the address itself.',
  access: 'public',
  budget: 'none',
  answers: { 200: { description: 'The page.', contents: { 'text/html': { type: 'string' } } } },
  errors: ['PortalNotBuilt'],
});

const assetOperation: Operation = {
  id: 'getPortalAsset',
  tag: 'portal',
  summary: 'A script, style or picture of the portal',
  access: 'public',
  budget: 'none',
  answers: { 200: { description: 'The file. It never changes.', contents: { '*/*': {} } } },
  errors: ['PortalAssetNotFound'],
};

const configurationOperation: Operation = {
  id: 'getPortalConfiguration',
  tag: 'portal',
  summary: 'What the portal has to know of this server before anybody signs in',
  access: 'public',
  budget: 'none',
  answers: {
    200: {
      description: 'How to sign in, and what runs here.',
      contents: json({
        type: 'object',
        required: ['issuer', 'clientId', 'scope', 'region', 'wings'],
        properties: {
          issuer: { type: 'string', format: 'uri' },
          clientId: plainSchemas.guid,
          scope: plainSchemas.text,
          region: plainSchemas.text,
          wings: { type: 'array', items: { enum: ['stamp', 'commerce'] } },
        },
      }),
    },
  },
};

/** The pages people look at, and what these need before anybody has signed in. */
export function portalRoutes(app: FastifyInstance, { pages, region, wings }: PortalApi): void {
  app.get(
    '/portal/configuration.json',
    { config: { operation: configurationOperation } },
    (request) => ({
      issuer: `${originOf(request)}/common/v2.0`,
      clientId: PORTAL_CLIENT,
      scope: `openid profile offline_access ${originOf(request)}/.default`,
      region,
      wings,
    }),
  );
  app.get(
    '/portal/assets/:name',
    { config: { operation: assetOperation } },
    (request: FastifyRequest<{ Params: { name: string } }>, reply) =>
      sendAsset(pages, request, reply),
  );
  for (const [parts, address] of ADDRESSES.entries()) {
    app.get(`/portal${address}`, { config: { operation: pageOperation(parts) } }, (_, reply) =>
      sendPage(pages, reply),
    );
  }
}

function sendPage(pages: Pages | undefined, reply: FastifyReply): FastifyReply {
  if (pages === undefined) throw fail('PortalNotBuilt', {});
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  return reply
    .headers(pageHeaders(nonce))
    .type('text/html; charset=utf-8')
    .send(pages.shell.replaceAll('__NONCE__', nonce));
}

/**
 * What a page may do: run and load what comes from here, and be shown in no frame. Styles are made by the scripts, in
 * elements that carry the number of this answer.
 */
function pageHeaders(nonce: string): Record<string, string> {
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'self' 'nonce-${nonce}'`,
      "style-src-attr 'unsafe-inline'",
      "img-src 'self' data: blob:",
      "font-src 'self'",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join('; '),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'x-frame-options': 'DENY',
  };
}

function sendAsset(
  pages: Pages | undefined,
  request: FastifyRequest<{ Params: { name: string } }>,
  reply: FastifyReply,
): FastifyReply {
  const { name } = request.params;
  const asset = pages?.assets.get(name);
  if (asset === undefined) throw fail('PortalAssetNotFound', { name });
  // The name of a file holds a digest of it.
  void reply
    .headers({
      'cache-control': `public, max-age=${ONE_YEAR}, immutable`,
      vary: 'accept-encoding',
      'cross-origin-resource-policy': 'same-origin',
    })
    .removeHeader('pragma')
    .removeHeader('expires');
  const takesBrotli = /\bbr\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(
    request.headers['accept-encoding'] ?? '',
  );
  if (asset.brotli !== undefined && takesBrotli) {
    return reply.header('content-encoding', 'br').type(asset.mediaType).send(asset.brotli);
  }
  return reply.type(asset.mediaType).send(asset.content);
}
