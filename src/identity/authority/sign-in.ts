import type { FastifyReply } from 'fastify';
import type { InteractionResults, Provider } from 'oidc-provider';
import type { Queryable } from '../../platform/index.ts';
import { switchSession } from './artifact-store.ts';
import { messageFor, type Call } from './calls.ts';
import { addressOf, pageHeaders, renderPage } from './pages/page.ts';
import { languageOf } from './pages/language.ts';
import { signInForm } from './pages/sign-in.ts';
import { texts } from './pages/texts.ts';
import { passwordMatches } from './password.ts';
import type { Throttle } from './throttle.ts';
import { findUserByName, type ActiveUser } from './user-store.ts';

/** What the sign-in needs of the authority. */
export interface SignInTools {
  readonly db: Queryable;
  /** Guesses by sign-in name, in lower case. */
  readonly nameGuesses: Throttle;
  /** Guesses by the address of whoever types. */
  readonly addressGuesses: Throttle;
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
    return finish(begun, { error: 'access_denied', error_description });
  }
  const userName = (form.get('user_name') ?? '').trim();
  const guess = { name: userName.toLowerCase(), address: call.request.ip };
  const wait = tools.addressGuesses.begin(guess.address) ?? tools.nameGuesses.begin(guess.name);
  if (wait !== undefined) {
    void reply.code(429).header('retry-after', String(wait));
    return showSignIn(begun, { userName, problem: text.tooManyGuesses(wait) });
  }
  const user = await findByPassword(tools.db, call, userName, form.get('password') ?? '');
  if (user === undefined) {
    call.request.log.info({ ip: guess.address }, 'sign-in refused');
    void reply.code(400);
    return showSignIn(begun, { userName, problem: text.wrongCredentials });
  }
  tools.nameGuesses.succeed(guess.name);
  // Not forgotten altogether: whoever guesses could sign in to an account of their own in between.
  tools.addressGuesses.takeBack(guess.address);
  call.request.caller = user.principalId;
  const login = { accountId: user.principalId, remember: false, amr: ['pwd'] };
  const answer = await finish(begun, { login });
  const { session } = begun.interaction;
  if (session?.uid !== undefined && session.accountId !== user.principalId) {
    await switchSession(tools.db, session.uid, user.principalId);
  }
  return answer;
}

/** One answer, after the same work, for an unknown, disabled or foreign name and a wrong password. */
async function findByPassword(
  db: Queryable,
  { issuer }: Call,
  userName: string,
  password: string,
): Promise<ActiveUser | undefined> {
  const found = await findUserByName(db, userName);
  const matches = await passwordMatches(password, found?.passwordHash);
  const mayUse = issuer.tenantId === undefined || issuer.tenantId === found?.user.tenantId;
  return matches && mayUse ? found?.user : undefined;
}

async function finish(
  { provider, call, reply }: BegunSignIn,
  result: InteractionResults,
): Promise<FastifyReply> {
  const message = messageFor(call, { path: '/' });
  const next = await provider.interactionResult(message, reply.raw, result, {
    mergeWithLastSubmission: false,
  });
  return reply.header('cache-control', 'no-store').redirect(next, 303);
}
