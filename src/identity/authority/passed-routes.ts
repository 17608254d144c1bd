import type { FastifyRequest } from 'fastify';
import type { Operation } from '../../platform/index.ts';
import type { Issuer } from './layout.ts';
import { authorityOperations } from './operations.ts';
import { checkParameters, revocationForm, signInParameters, tokenForm } from './parameters.ts';

/** An address that the library answers, and what it is given in place of what came. */
export interface PassedRoute {
  readonly method: 'GET' | 'POST';
  /** Below the layout's base; `:uid` is the step of a sign-in. */
  readonly path: string;
  readonly operation: Operation;
  /** Whether something begins here that is kept on record before anybody has said who they are. */
  readonly begins?: true;
  /** Whether codes can be guessed here. */
  readonly takesCode?: true;
  query?(request: FastifyRequest, issuer: Issuer): URLSearchParams;
  form?(request: FastifyRequest, issuer: Issuer): URLSearchParams;
}

const DEVICE_FORM = ['xsrf', 'user_code', 'confirm', 'abort'];

export function queryOf(request: FastifyRequest): URLSearchParams {
  return new URL(request.raw.url ?? '/', 'https://localhost').searchParams;
}

export function formOf({ body }: FastifyRequest): URLSearchParams {
  return body instanceof URLSearchParams ? body : new URLSearchParams();
}

export const passedRoutes: readonly PassedRoute[] = [
  {
    method: 'POST',
    path: '/token',
    operation: authorityOperations.token,
    form: (request) => tokenForm(request, formOf(request)),
  },
  {
    method: 'POST',
    path: '/devicecode',
    operation: authorityOperations.deviceCode,
    begins: true,
    form: (request, { origin }) => signInParameters(request, formOf(request), origin),
  },
  {
    method: 'GET',
    path: '/authorize',
    operation: authorityOperations.authorize,
    begins: true,
    query: (request, { origin }) => signInParameters(request, queryOf(request), origin),
  },
  { method: 'GET', path: '/authorize/:uid', operation: authorityOperations.resume },
  { method: 'GET', path: '/deviceauth', operation: authorityOperations.device, begins: true },
  {
    method: 'POST',
    path: '/deviceauth',
    operation: authorityOperations.sendDevice,
    takesCode: true,
    form: (request) =>
      new URLSearchParams([...formOf(request)].filter(([name]) => DEVICE_FORM.includes(name))),
  },
  { method: 'GET', path: '/deviceauth/:uid', operation: authorityOperations.resumeDevice },
  {
    method: 'GET',
    path: '/logout',
    operation: authorityOperations.signOut,
    begins: true,
    query: (request) => checkParameters(queryOf(request)),
  },
  {
    method: 'GET',
    path: '/logout/success',
    operation: authorityOperations.signedOut,
    query: queryOf,
  },
  {
    method: 'POST',
    path: '/logout/confirm',
    operation: authorityOperations.sendSignOut,
    form: formOf,
  },
  {
    method: 'POST',
    path: '/revoke',
    operation: authorityOperations.revoke,
    form: (request) => revocationForm(formOf(request)),
  },
  { method: 'GET', path: '/userinfo', operation: authorityOperations.userInfo },
];
