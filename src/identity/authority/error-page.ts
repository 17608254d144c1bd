import type { FastifyReply, FastifyRequest } from 'fastify';
import { asOAuthError, sendOAuthError } from './oauth-error.ts';
import { errorBody } from './pages/device.ts';
import { languageOf } from './pages/language.ts';
import { addressOf, pageHeaders, renderPage } from './pages/page.ts';
import { texts } from './pages/texts.ts';

/** Whether the endpoint is for programs, which say of everything that they take it. */
export function isForPrograms(request: FastifyRequest): boolean {
  const contents = request.routeOptions.config.operation?.answers[200]?.contents ?? {};
  return 'application/json' in contents;
}

/** Answers an error: people get a page, programs the form of OAuth. */
export function sendAuthorityError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  if (isForPrograms(request) || !/\btext\/html\b/.test(request.headers.accept ?? '')) {
    sendOAuthError(error, request, reply);
    return;
  }
  const { status, code, message } = asOAuthError(error, request);
  if (status >= 500) request.log.error({ err: error }, message);
  const text = texts[languageOf(request)];
  const isOver = error instanceof Error && error.name === 'SessionNotFound';
  const hint = status === 401 ? text.unknownTenant : isOver ? text.expiredHint : text.errorHint;
  void sendErrorPage(request, reply.code(status === 401 ? 404 : status), hint, [code, message]);
}

/** Shows what went wrong; the status has been set. */
export function sendErrorPage(
  request: FastifyRequest,
  reply: FastifyReply,
  hint: string,
  details: readonly string[] = [],
): FastifyReply {
  const language = languageOf(request);
  const body = errorBody(language, { hint, details: [...details, request.id] });
  const page = { language, title: texts[language].errorTitle, body, address: addressOf(request) };
  return reply.headers(pageHeaders()).type('text/html; charset=utf-8').send(renderPage(page));
}
