import { one, type WireCase } from '../case.ts';
import { OPERATOR, TENANT, TENANT_PATH, USAGE_QUERY } from './usage.ts';

const METADATA = '/metadata/endpoints';
const TOKEN = '/adfs/stackmeter/{homeTenant}/oauth2/token';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** What holds for every path, and discovery. */
export const serverCases: readonly WireCase[] = [
  one(
    'a path that is not there',
    { path: '/no/such/path' },
    {
      status: 404,
      code: 'NotFound',
      message: '/no/such/path',
      headers: { 'x-ms-request-id': '/^[0-9a-f-]{36}$/', 'cache-control': 'no-cache' },
    },
  ),
  one(
    'a method that the path does not take',
    { method: 'POST', path: TENANT_PATH, as: TENANT },
    {
      status: 405,
      code: 'MethodNotAllowed',
      headers: { allow: 'GET, HEAD' },
    },
  ),
  one(
    'DELETE on the intake',
    { method: 'DELETE', path: '/api/v1/events', as: OPERATOR },
    {
      status: 405,
      code: 'MethodNotAllowed',
      headers: { allow: 'GET, HEAD, POST' },
    },
  ),
  one(
    'HEAD',
    { method: 'HEAD', path: TENANT_PATH, as: TENANT, query: USAGE_QUERY },
    {
      status: 200,
      text: '',
    },
  ),
  one(
    'a path with dot segments',
    { path: '/subscriptions/../metadata/endpoints' },
    {
      status: 400,
      code: 'InvalidProperty',
    },
  ),
  one(
    'a path with an encoded slash',
    { path: '/api/v1/meters/a%2fb', as: OPERATOR },
    {
      status: 400,
      code: 'InvalidProperty',
    },
  ),
  one(
    'discovery',
    { path: METADATA, query: { 'api-version': '2015-01-01' } },
    {
      status: 200,
      json: { authentication: { loginEndpoint: '{base}/adfs/stackmeter', audiences: ['{base}'] } },
    },
  ),
  one(
    'discovery as older scripts ask for it',
    { path: `/${METADATA}`, query: { 'Api-Version': '1.0' } },
    {
      status: 200,
      matches: { '/graphEndpoint': '^{base}/$' },
    },
  ),
  one(
    'discovery without api-version',
    { path: METADATA },
    {
      status: 400,
      code: 'MissingApiVersionParameter',
    },
  ),
  one(
    'discovery with another api-version',
    { path: METADATA, query: { 'api-version': '3' } },
    {
      status: 400,
      code: 'InvalidApiVersionParameter',
      message: '2015-01-01,1.0',
    },
  ),
  one(
    'where the authority is',
    { path: '/ADFS/stackmeter/{homeTenant}/.well-known/openid-configuration' },
    {
      status: 200,
      matches: { '/token_endpoint': '^{base}/', '/issuer': '^{base}/', '/jwks_uri': '^{base}/' },
    },
  ),
  one(
    'a wrong secret at the token endpoint',
    {
      method: 'POST',
      path: TOKEN,
      headers: FORM,
      body: {
        text: 'grant_type=client_credentials&client_id={unknownSubscription}&client_secret=x&scope={base}/.default',
      },
    },
    { status: 401, json: { error: 'invalid_client' }, matches: { '/error_description': '.' } },
  ),
  one(
    'nobody at the token endpoint',
    { method: 'POST', path: TOKEN, headers: FORM, body: { text: 'grant_type=password' } },
    { status: 400, json: { error: 'invalid_request' } },
  ),
  one(
    'the description of the interfaces',
    { path: '/api/v1/openapi.json' },
    {
      status: 200,
      json: { openapi: '3.1.1' },
      headers: { 'content-type': 'application/json; charset=utf-8' },
    },
  ),
  one('the process answers', { path: '/health/live' }, { status: 200, json: { status: 'live' } }),
  one(
    'the server can work',
    { path: '/health/ready' },
    {
      status: 200,
      json: { status: 'ready' },
    },
  ),
];
