import { signedHeaders } from '../../../commerce/webhooks/index.ts';
import { hourText } from '../adapter.ts';
import { factsOf } from '../event.ts';
import { sendEach, withPoster } from './https.ts';
import type { BillingAdapter } from './kind.ts';

const PREFIX = 'whsec_';

/** Messages that are signed after Standard Webhooks, one for each event. */
export const webhookAdapter: BillingAdapter = {
  batchSize: 200,
  needsNames: false,
  contentOf: (event) => ({
    type: 'usage.reported',
    timestamp: hourText(event.window),
    data: factsOf(event),
  }),
  send: (batch, room) =>
    withPoster(batch.definition, room, (post) => {
      const { secret = '' } = batch.definition;
      const keys = {
        secret: Buffer.from(secret.slice(PREFIX.length), 'base64'),
        previousSecret: undefined,
        previousUntil: undefined,
      };
      return sendEach(batch, (event) => {
        const body = JSON.stringify(webhookAdapter.contentOf(event));
        const signed = signedHeaders(keys, event.eventId, body, room.clock.now());
        return post({ path: '', body, headers: { 'content-type': 'application/json', ...signed } });
      });
    }),
};
