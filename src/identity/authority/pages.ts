import type { Configuration, ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import { callOf } from './calls.ts';
import { isForPrograms } from './error-page.ts';
import { networkOf } from './network.ts';
import { codeForm, confirmForm, errorBody, signOutForm } from './pages/device.ts';
import { html, type Html } from './pages/html.ts';
import { addressOf, pageHeaders, renderPage } from './pages/page.ts';
import { texts } from './pages/texts.ts';
import type { Throttle } from './throttle.ts';

interface Shown {
  readonly title: string;
  readonly body: Html;
  readonly address?: string;
  /** Where the answer to its form leads in the end, when that is not here. */
  readonly redirectUri?: string | undefined;
}

const shown = new WeakSet<object>();

/** Whether the answer is a page of ours. */
export function isShown(ctx: KoaContextWithOIDC): boolean {
  return shown.has(ctx.req);
}

/** Makes a page the answer of the library. */
function show(ctx: KoaContextWithOIDC, { title, body, address, redirectUri }: Shown): void {
  const { request, language } = callOf(ctx.req);
  shown.add(ctx.req);
  ctx.set(pageHeaders(redirectUri));
  ctx.type = 'html';
  ctx.body = renderPage({ language, title, body, address: address ?? addressOf(request) });
}

/** The text that ties a form to this browser session. */
function xsrfOf(ctx: KoaContextWithOIDC): string {
  const secret = ctx.oidc.session?.state?.['secret'];
  if (typeof secret !== 'string') throw new TypeError('The session has no secret for its form.');
  return secret;
}

function clientName(ctx: KoaContextWithOIDC): string {
  const { client } = ctx.oidc;
  return client?.clientName ?? client?.clientId ?? '';
}

type DeviceFlow = NonNullable<NonNullable<Configuration['features']>['deviceFlow']>;
type DevicePages = Pick<
  DeviceFlow,
  'userCodeInputSource' | 'userCodeConfirmSource' | 'successSource'
>;

/** @param guesses of codes, by the address of whoever types them */
export function devicePages(guesses: Throttle): DevicePages {
  return {
    userCodeInputSource: (
      ctx: KoaContextWithOIDC,
      _form: string,
      _out?: ErrorOut,
      error?: Error,
    ): void => {
      const { request, language, userCode } = callOf(ctx.req);
      const typed = error !== undefined && 'userCode' in error ? String(error.userCode) : undefined;
      // Only a code that nobody has is a guess.
      if (error?.name === 'NotFoundError') guesses.count(networkOf(request.ip));
      if (error !== undefined && ctx.oidc.session?.exp === undefined) {
        showNotBegun(ctx);
        return;
      }
      const body = codeForm({
        language,
        action: ctx.oidc.urlFor('code_verification'),
        xsrf: xsrfOf(ctx),
        userCode: typed ?? userCode ?? '',
        problem: error && deviceProblem(ctx, error),
      });
      show(ctx, { title: texts[language].deviceTitle, body });
    },
    userCodeConfirmSource: (
      ctx: KoaContextWithOIDC,
      _form: string,
      _client: unknown,
      _device: unknown,
      userCode: string,
    ): void => {
      const { request, language } = callOf(ctx.req);
      const action = ctx.oidc.urlFor('code_verification');
      const form = { language, action, xsrf: xsrfOf(ctx), userCode, client: clientName(ctx) };
      const address = `${addressOf(request)}?${new URLSearchParams({ user_code: userCode }).toString()}`;
      show(ctx, { title: texts[language].confirmTitle, body: confirmForm(form), address });
    },
    successSource: (ctx: KoaContextWithOIDC): void => {
      const text = texts[callOf(ctx.req).language];
      show(ctx, { title: text.doneTitle, body: html`<p>${text.doneHint(clientName(ctx))}</p>` });
    },
  };
}

/** In place of the form again, in a browser that has not begun anything here. */
function showNotBegun(ctx: KoaContextWithOIDC): void {
  const { request, language } = callOf(ctx.req);
  const text = texts[language];
  // The library marks its session as changed for the form, and fails over saving what it never saved.
  Object.assign(ctx.oidc.session ?? {}, { touched: false });
  const error = { hint: text.expiredHint, details: [request.id] };
  show(ctx, { title: text.errorTitle, body: errorBody(language, error) });
}

function deviceProblem(ctx: KoaContextWithOIDC, error: Error): string {
  const text = texts[callOf(ctx.req).language];
  switch (error.name) {
    case 'NoCodeError':
      return text.noCode;
    case 'NotFoundError':
      return text.unknownCode;
    case 'ExpiredError':
      return text.expiredCode;
    case 'AlreadyUsedError':
      return text.usedCode;
    case 'AbortedError':
      return text.aborted;
    default:
      return text.deviceFailed;
  }
}

/** Asks whether to sign out somebody else before the sign-in goes on. */
export function showOtherPerson(ctx: KoaContextWithOIDC): void {
  const { language } = callOf(ctx.req);
  const text = texts[language];
  const action = ctx.oidc.urlFor('end_session_confirm');
  const hint = text.otherPersonHint;
  const body = signOutForm({ language, action, xsrf: xsrfOf(ctx), hint });
  const to = ctx.oidc.entities.Interaction?.params['redirect_uri'];
  const redirectUri = typeof to === 'string' ? to : undefined;
  show(ctx, { title: text.signOutTitle, body, redirectUri });
}

/** Asks whether to sign out; also in place of the library's form that sends itself by a script. */
export function showSignOut(ctx: KoaContextWithOIDC): void {
  const { language } = callOf(ctx.req);
  const text = texts[language];
  const action = ctx.oidc.urlFor('end_session_confirm');
  const hint = text.signOutHint;
  const body = signOutForm({ language, action, xsrf: xsrfOf(ctx), hint });
  show(ctx, { title: text.signOutTitle, body });
}

export const signOutPages = {
  logoutSource: showSignOut,
  postLogoutSuccessSource: (ctx: KoaContextWithOIDC): void => {
    const text = texts[callOf(ctx.req).language];
    show(ctx, { title: text.signedOutTitle, body: html`<p>${text.signedOutHint}</p>` });
  },
};

/** The page of an error that cannot be told to the client; programs are told it in the form of OAuth all the same. */
export function renderError(ctx: KoaContextWithOIDC, out: ErrorOut, error: Error): void {
  const { request, language } = callOf(ctx.req);
  if (isForPrograms(request)) {
    ctx.body = out;
    return;
  }
  const text = texts[language];
  const hint = error.name === 'SessionNotFound' ? text.expiredHint : text.errorHint;
  const details = [out.error, out.error_description ?? '', request.id].filter(
    (line) => line !== '',
  );
  show(ctx, { title: text.errorTitle, body: errorBody(language, { hint, details }) });
}
