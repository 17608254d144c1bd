import { request } from 'node:https';
import {
  CloudEvent,
  emitterFor,
  HTTP,
  httpTransport,
  Mode,
  type Message,
  type Options,
} from 'cloudevents';
import { runSteps, type Steps } from './steps.ts';

export interface Told {
  readonly baseUrl: string;
  /** `<client id>.<secret>` */
  readonly key: string;
  /** The data of an event that may be counted. */
  readonly data: object;
}

/** What our own transport gives back. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** How the body was sent. */
  readonly sentChunked: boolean;
}

runSteps(({ baseUrl, key, data }: Told): Steps => {
  const sink = `${baseUrl}/api/v1/events`;
  const authorization = `Bearer ${key}`;
  const usage = (id: string, changes: object = {}): CloudEvent<object> =>
    new CloudEvent({
      id,
      source: '/cloudevents-sdk',
      type: 'stackmeter.usage',
      subject: 'café "1"',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      data: { ...data, ...changes },
    });
  const own = (message: Message, options?: Options): Promise<Answer> =>
    post(sink, message, { authorization, ...(options?.['headers'] as object) });
  const binary = emitterFor(own, { binding: HTTP, mode: Mode.BINARY });
  const structured = emitterFor(own, { binding: HTTP, mode: Mode.STRUCTURED });
  const stock = emitterFor(httpTransport(sink), { binding: HTTP, mode: Mode.STRUCTURED });
  const batch = (...events: readonly CloudEvent<object>[]): Promise<Answer> =>
    own({
      headers: { 'content-type': 'application/cloudevents-batch+json; charset=utf-8' },
      body: JSON.stringify(events),
    });
  return {
    binary: () => binary(usage('1')),
    structured: () => structured(usage('2')),
    batch: () => batch(usage('3'), usage('4'), usage('5')),
    stock: () => stock(usage('6'), { headers: { authorization } }),
    binaryAgain: () => binary(usage('1')),
    otherModeAgain: () => structured(usage('1')),
    batchAgain: () => batch(usage('2'), usage('7')),
    otherContent: () => binary(usage('1', { quantity: 2 })),
    badEvent: () => structured(usage('8', { usageEndTime: 'yesterday' })),
    badInBatch: () => batch(usage('9'), usage('10', { meterId: 'no such meter' })),
    otherType: () => binary(usage('11').cloneWith({ type: 'com.example.order' })),
    withoutKey: () => binary(usage('12'), { headers: { authorization: '' } }),
    stockWithoutKey: () => stock(usage('13')),
    notJson: () =>
      own({ headers: { 'content-type': 'application/cloudevents+json' }, body: '{"specversion":' }),
    textData: () =>
      own(HTTP.binary(usage('14').cloneWith({ datacontenttype: 'text/plain', data: 'x' }, false))),
  };
});

/** As the transport of the package, and the status besides. */
function post(sink: string, { headers, body }: Message, more: object): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sent = request(sink, { method: 'POST', headers: { ...headers, ...more } }, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (part: string) => (text += part));
    const sentChunked = sent.getHeader('transfer-encoding') === 'chunked' || sent.chunkedEncoding;
    answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text, sentChunked }));
  });
  sent.on('error', reject);
  // Written before the end, so no length is known when the header goes out.
  sent.write(body);
  sent.end();
  return promise;
}
