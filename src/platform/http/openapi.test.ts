import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { fixedClock } from '../clock.ts';
import { silentLog } from '../telemetry/index.ts';
import { buildApp } from './app.ts';
import { OPENAPI_PATH, openapiDocument } from './openapi.ts';
import { named, type Operation } from './operation.ts';

const thing = named('Thing', { type: 'object', properties: { part: named('Part', { const: 1 }) } });

const operation: Operation = {
  id: 'getThing',
  tag: 'server',
  summary: 'A thing',
  access: 'token',
  answers: { 200: { description: 'It.', contents: { 'application/json': thing } } },
  errors: ['NotFound'],
};

interface Described {
  readonly operationId: string;
  readonly summary?: string;
  readonly parameters?: readonly { readonly name: string }[];
  readonly responses: Readonly<Record<string, { description: string; content: object }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: object };
}

const app = buildApp({
  log: silentLog,
  clock: fixedClock(Temporal.Instant.from('2018-06-01T10:00Z')),
});
app.get('/things/:thingId/parts/:part', { config: { operation } }, () => ({}));
app.post('/things', () => ({}));
after(() => app.close());

describe('the description of the interfaces', () => {
  it('is served and has every route, its parameters in braces', async () => {
    const document: Document = (await app.inject(OPENAPI_PATH)).json();
    assert.deepEqual(Object.keys(document.paths).toSorted(), [
      OPENAPI_PATH,
      '/health/live',
      '/health/ready',
      '/metrics',
      '/things',
      '/things/{thingId}/parts/{part}',
    ]);
    const { get } = document.paths['/things/{thingId}/parts/{part}']!;
    assert.deepEqual(
      get?.parameters?.map(({ name }) => name),
      ['thingId', 'part'],
    );
    assert.deepEqual(Object.keys(document.paths['/things']!), ['post']);
    assert.equal(document.paths['/things']?.['post']?.summary, undefined, 'not described');
  });

  it('names errors by status, with the words of the catalogue', () => {
    const routes = [{ method: 'GET', url: '/a', operation }];
    const document = openapiDocument(routes) as Document;
    const { responses } = document.paths['/a']!['get']!;
    assert.deepEqual(Object.keys(responses), [
      '200',
      '400',
      '401',
      '403',
      '404',
      '429',
      '500',
      '503',
    ]);
    assert.match(responses['404']!.description, /`NotFound`: There is nothing at/);
    assert.match(responses['401']!.description, /`AuthenticationFailed`.*\n.*`InvalidAuth/);
  });

  it('holds a named schema once and refers to it', () => {
    const both = ['/a', '/b'].map((url) => ({ method: 'GET', url, operation }));
    const document = openapiDocument(both) as Document;
    assert.deepEqual(Object.keys(document.components.schemas), ['Error', 'Part', 'Thing']);
    assert.deepEqual(document.paths['/b']!['get']!.responses['200']!.content, {
      'application/json': { schema: { $ref: '#/components/schemas/Thing' } },
    });
    const ids = Object.values(document.paths).map((path) => path['get']!.operationId);
    assert.deepEqual(ids, ['getThing', 'getThing2']);
  });

  it('does not depend on the order in which routes are added', () => {
    const routes = ['/b', '/a', '/C'].map((url) => ({ method: 'GET', url, operation }));
    assert.equal(
      JSON.stringify(openapiDocument(routes)),
      JSON.stringify(openapiDocument(routes.toReversed())),
    );
  });
});
