import { signedHeaders } from '../../../commerce/webhooks/index.ts';
import { hourText } from '../adapter.ts';
import { factsOf, type UsageEvent } from '../event.ts';
import { sendEach, withPoster, type Verdict } from './https.ts';
import type { BillingAdapter } from './kind.ts';

const PREFIX = 'whsec_';

/** Messages that are signed after Standard Webhooks, one for each event. */
export const webhookAdapter: BillingAdapter = {
  batchSize: 200,
  needsNames: false,
  contentOf: messageOf,
  send: (batch, room) =>
    withPoster(batch.definition, room, (post) => {
      const { secret = '' } = batch.definition;
      const keys = {
        secret: Buffer.from(secret.slice(PREFIX.length), 'base64'),
        previousSecret: undefined,
        previousUntil: undefined,
      };
      const sendOne = (event: UsageEvent): Promise<Verdict> => {
        const body = JSON.stringify(messageOf(event));
        const signed = signedHeaders(keys, event.eventId, body, room.clock.now());
        return post({ path: '', body, headers: { 'content-type': 'application/json', ...signed } });
      };
      return sendEach(batch, room, { sendOne });
    }),
};

function messageOf(event: UsageEvent): Readonly<Record<string, unknown>> {
  return { type: 'usage.reported', timestamp: hourText(event.window), data: factsOf(event) };
}
