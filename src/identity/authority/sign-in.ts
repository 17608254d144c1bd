import type { FastifyReply } from 'fastify';
import type { InteractionResults, Provider } from 'oidc-provider';
import type { Queryable } from '../../platform/index.ts';
import { forgetSignIns } from '../sign-ins.ts';
import { switchSession } from './artifact-store.ts';
import { messageFor, type Call } from './calls.ts';
import { sendErrorPage } from './error-page.ts';
import type { Guesses } from './guesses.ts';
import { networkOf } from './network.ts';
import { addressOf, pageHeaders, renderPage } from './pages/page.ts';
import { languageOf } from './pages/language.ts';
import { signInForm } from './pages/sign-in.ts';
import { texts } from './pages/texts.ts';
import { passwordMatches } from './password.ts';
import { findUserByName, foldUserName, passwordHashOf } from './user-store.ts';

/** What the sign-in needs of the authority. */
export interface SignInTools {
  readonly db: Queryable;
  readonly guesses: Guesses;
}

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** A sign-in that a browser has begun. */
export interface BegunSignIn {
  readonly provider: Provider;
  readonly call: Call;
  readonly reply: FastifyReply;
  readonly interaction: Interaction;
}

/**
 * Finds the sign-in that the browser has begun and that the path names.
 *
 * @throws SessionNotFound of the library when this browser has not begun it, or it is over
 */
export async function beginSignIn(
  provider: Provider,
  call: Call,
  reply: FastifyReply,
): Promise<BegunSignIn> {
  const message = messageFor(call, { path: '/' });
  const interaction = await provider.interactionDetails(message, reply.raw);
  const asked = interaction.params['ui_locales'];
  const language = languageOf(call.request, typeof asked === 'string' ? asked : undefined);
  return { provider, call: { ...call, language }, reply, interaction };
}

/** Shows the page to sign in, with what was wrong when it was tried before. */
export async function showSignIn(
  { provider, call, reply, interaction }: BegunSignIn,
  shown: { readonly userName?: string; readonly problem?: string } = {},
): Promise<FastifyReply> {
  const { request, language } = call;
  const { params } = interaction;
  const textOf = (name: string): string | undefined => {
    const value = params[name];
    return typeof value === 'string' ? value : undefined;
  };
  const clientId = textOf('client_id') ?? '';
  const client = await provider.Client.find(clientId);
  const address = addressOf(request);
  const body = signInForm({
    language,
    action: address,
    client: client?.clientName ?? clientId,
    userName: shown.userName ?? textOf('login_hint') ?? '',
    problem: shown.problem,
  });
  return reply
    .headers(pageHeaders(textOf('redirect_uri')))
    .type('text/html; charset=utf-8')
    .send(renderPage({ language, title: texts[language].signInTitle, body, address }));
}

/** Takes the form of that page: goes on with the person's name in it, or shows it again. */
export async function takeSignIn(
  begun: BegunSignIn,
  form: URLSearchParams,
  tools: SignInTools,
): Promise<FastifyReply> {
  const { call, reply } = begun;
  const text = texts[call.language];
  if (form.has('cancel')) {
    const error_description = 'the person cancelled the sign-in';
    return redirect(reply, await saveResult(begun, { error: 'access_denied', error_description }));
  }
  const userName = (form.get('user_name') ?? '').trim();
  const network = networkOf(call.request.ip);
  const guess = tools.guesses.begin(foldUserName(userName) ?? '', network);
  if (guess.kind === 'refused') {
    void reply.code(429).header('retry-after', String(guess.wait));
    return showSignIn(begun, { userName, problem: text.tooManyGuesses(guess.wait) });
  }
  let found: Found | undefined;
  try {
    const typed = { userName, password: form.get('password') ?? '' };
    found = await findByPassword(tools.db, call, typed, network);
  } catch (error) {
    guess.takeBack();
    throw error;
  }
  if (found === undefined) {
    call.request.log.info({ ip: call.request.ip }, 'sign-in refused');
    void reply.code(400);
    return showSignIn(begun, { userName, problem: text.wrongCredentials });
  }
  guess.succeed();
  return goOn(begun, found, tools.db);
}

type Found = NonNullable<Awaited<ReturnType<typeof findUserByName>>>;

/** One answer, after the same work, for an unknown, disabled or foreign name and a wrong password. */
async function findByPassword(
  db: Queryable,
  { issuer }: Call,
  typed: { readonly userName: string; readonly password: string },
  network: string,
): Promise<Found | undefined> {
  const found = await findUserByName(db, typed.userName);
  const matches = await passwordMatches(typed.password, found?.passwordHash, network);
  const mayUse = issuer.tenantId === undefined || issuer.tenantId === found?.user.tenantId;
  return matches && mayUse ? found : undefined;
}

/** Goes on with the person in whose name the browser has signed in. */
async function goOn(
  begun: BegunSignIn,
  { user: { principalId }, passwordHash }: Found,
  db: Queryable,
): Promise<FastifyReply> {
  const { call, reply } = begun;
  call.request.caller = principalId;
  const login = { accountId: principalId, remember: false, amr: ['pwd'] };
  const next = await saveResult(begun, { login });
  // Another page of the browser may have signed somebody in since this sign-in was begun. The library
  // goes on in a session of the same person only, and refuses the result once the session is another's.
  const session = await presentSession(begun);
  if (session.accountId !== undefined && session.accountId !== principalId) {
    await switchSession(db, session.uid, principalId);
  }
  // Whoever set another password meanwhile has ended what was signed in by then, and not this.
  if ((await passwordHashOf(db, principalId)) !== passwordHash) {
    await forgetSignIns(db, principalId);
    return sendErrorPage(call.request, reply.code(400), texts[call.language].expiredHint);
  }
  return redirect(reply, next);
}

async function presentSession({ provider, call, reply }: BegunSignIn) {
  const message = messageFor(call, { path: '/' });
  return provider.Session.get(provider.createContext(message, reply.raw));
}

async function saveResult(
  { provider, call, reply }: BegunSignIn,
  result: InteractionResults,
): Promise<string> {
  const message = messageFor(call, { path: '/' });
  return provider.interactionResult(message, reply.raw, result, {
    mergeWithLastSubmission: false,
  });
}

function redirect(reply: FastifyReply, next: string): FastifyReply {
  return reply.header('cache-control', 'no-store').redirect(next, 303);
}
