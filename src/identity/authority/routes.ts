import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fail, isJsonObject, type DirectoryTenantId } from '../../kernel/index.ts';
import { pathOf, type Queryable } from '../../platform/index.ts';
import { answerWith, messageFor, type Call, type Translated } from './calls.ts';
import { publicJwk, type KeyRing } from './key-ring.ts';
import { issuerOf, layouts, type Issuer, type Layout } from './layout.ts';
import { tooManySignIns, unknownClient } from './oauth-error.ts';
import { sendAuthorityError, sendErrorPage } from './error-page.ts';
import { authorityOperations } from './operations.ts';
import { networkOf } from './network.ts';
import { hasNul, nulInForm } from './parameters.ts';
import { languageOf, rememberLanguage } from './pages/language.ts';
import { texts } from './pages/texts.ts';
import { formOf, passedRoutes, queryOf, type PassedRoute } from './passed-routes.ts';
import type { Providers } from './providers.ts';
import type { Throttle } from './throttle.ts';
import {
  beginSignIn,
  showSignIn,
  takeSignIn,
  type BegunSignIn,
  type SignInTools,
} from './sign-in.ts';

const FORM = 'application/x-www-form-urlencoded';
const FORM_BYTES = 64 * 1024;
const USER_CODE = /^[\w -]{1,20}$/;

/** What the routes need of the authority. */
export interface RouteTools extends SignInTools {
  readonly db: Queryable;
  readonly ring: KeyRing;
  readonly providers: Providers;
  /** Wrong device codes, by network. */
  readonly deviceGuesses: Throttle;
  /** Sign-ins that were begun, by network. */
  readonly begun: Throttle;
}

/** Everything that the authority answers; nothing of it asks for a token of ours. */
export function authorityRoutes(app: FastifyInstance, tools: RouteTools): void {
  for (const layout of layouts) {
    const url = `${layout.issuer}/.well-known/openid-configuration`;
    app.get(
      url,
      { config: { operation: authorityOperations.discovery } },
      async (request, reply) => {
        const issuer = await knownIssuer(tools.db, request, layout);
        if (issuer === undefined) throw fail('NotFound', { path: pathOf(request) });
        // The library writes addresses below its mount point, which is not always the issuer's.
        return pass(tools, callFor(request, issuer), reply, {
          path: '/.well-known/openid-configuration',
        });
      },
    );
  }
  app.get('/adfs/discovery/keys', { config: { operation: authorityOperations.keys } }, async () => {
    const { all } = await tools.ring.current();
    return { keys: all.map(publicJwk) };
  });
  void app.register((scope, _none, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      FORM,
      { parseAs: 'string', bodyLimit: FORM_BYTES },
      (_request, body, parsed) => {
        const form = new URLSearchParams(body.toString());
        const isUnfit = [...form].some((field) => field.some(hasNul));
        if (isUnfit) parsed(nulInForm());
        else parsed(null, form);
      },
    );
    scope.setErrorHandler(sendAuthorityError);
    for (const layout of layouts) endpoints(scope, layout, tools);
    done();
  });
}

function endpoints(scope: FastifyInstance, layout: Layout, tools: RouteTools): void {
  const base = layout.base + layout.endpoints;
  for (const route of passedRoutes) {
    scope.route({
      method: route.method,
      url: base + route.path,
      config: { operation: route.operation },
      handler: async (request, reply) => {
        const issuer = await requireIssuer(tools.db, request, layout);
        const refused = refusal(route, request, reply, tools);
        if (refused !== undefined) return refused;
        const path = route.path.replace(':uid', uidOf(request));
        const query = route.query?.(request, issuer).toString() ?? '';
        const translated = {
          path: `${layout.endpoints}${path}${query === '' ? '' : `?${query}`}`,
          form: route.form?.(request, issuer),
        };
        try {
          return await pass(tools, callFor(request, issuer), reply, translated);
        } finally {
          // The page has counted it again if it was a guess.
          if (route.takesCode === true) tools.deviceGuesses.takeBack(networkOf(request.ip));
        }
      },
    });
  }
  const begin = async (request: FastifyRequest, reply: FastifyReply): Promise<BegunSignIn> => {
    const issuer = await requireIssuer(tools.db, request, layout);
    rememberLanguage(request, reply);
    return beginSignIn(await tools.providers.of(issuer), callFor(request, issuer), reply);
  };
  scope.get(
    `${base}/signin/:uid`,
    { config: { operation: authorityOperations.signIn } },
    async (request, reply) => showSignIn(await begin(request, reply)),
  );
  scope.post(
    `${base}/signin/:uid`,
    { config: { operation: authorityOperations.sendSignIn } },
    async (request, reply) => takeSignIn(await begin(request, reply), formOf(request), tools),
  );
}

/** What is refused before the library sees it; undefined when nothing is. */
function refusal(
  { takesCode, begins, method }: PassedRoute,
  request: FastifyRequest,
  reply: FastifyReply,
  { deviceGuesses, begun }: RouteTools,
): FastifyReply | undefined {
  const text = texts[languageOf(request)];
  const network = networkOf(request.ip);
  const wait =
    (takesCode === true ? deviceGuesses.begin(network) : undefined) ??
    (begins === true ? begun.begin(network) : undefined);
  if (wait === undefined) return undefined;
  void reply.code(429).header('retry-after', String(wait));
  if (begins === true && method === 'POST') throw tooManySignIns(wait);
  return sendErrorPage(request, reply, text.tooManyGuesses(wait));
}

async function pass(
  tools: RouteTools,
  call: Call,
  reply: FastifyReply,
  translated: Translated,
): Promise<FastifyReply> {
  rememberLanguage(call.request, reply);
  const provider = await tools.providers.of(call.issuer);
  return answerWith(provider, reply, messageFor(call, translated));
}

function callFor(request: FastifyRequest, issuer: Issuer): Call {
  const query = queryOf(request);
  const userCode = query.get('user_code') ?? '';
  return {
    request,
    issuer,
    language: languageOf(request, query.get('ui_locales') ?? undefined),
    userCode: USER_CODE.test(userCode) ? userCode : undefined,
  };
}

async function knownIssuer(
  db: Queryable,
  request: FastifyRequest,
  layout: Layout,
): Promise<Issuer | undefined> {
  const [name, tenant] = [parameterOf(request, 'name'), parameterOf(request, 'tenant')];
  const issuer = issuerOf(request, layout, { name, tenant });
  if (issuer?.tenantId === undefined) return issuer;
  return (await isTenant(db, issuer.tenantId)) ? issuer : undefined;
}

async function requireIssuer(
  db: Queryable,
  request: FastifyRequest,
  layout: Layout,
): Promise<Issuer> {
  const issuer = await knownIssuer(db, request, layout);
  if (issuer === undefined) throw unknownClient();
  return issuer;
}

async function isTenant(db: Queryable, tenantId: DirectoryTenantId): Promise<boolean> {
  const { rows } = await db.query({
    name: 'authority-tenant',
    text: 'select from directory_tenant where tenant_id = $1',
    values: [tenantId],
  });
  return rows.length > 0;
}

/** The parameters of the path, all of which are text. */
function parameterOf({ params }: FastifyRequest, name: string): string | undefined {
  const value = isJsonObject(params) ? params[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function uidOf(request: FastifyRequest): string {
  return encodeURIComponent(parameterOf(request, 'uid') ?? '');
}
