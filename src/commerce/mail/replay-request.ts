import { isGuid, parseWireTime, type Instant } from '../../kernel/index.ts';
import { invalidProperty, readParsed, type Fields } from '../../platform/index.ts';

/** Which messages of an outbox are sent again: one, those since a time, or those that were given up. */
export type Replay =
  { readonly messageId: string } | { readonly since: Instant } | { readonly dead: true };

/** What a body asks for. @throws InvalidProperty unless it says so in one way */
export function readReplay(fields: Fields): Replay {
  const messageId = readParsed(
    fields,
    'messageId',
    (text) => (isGuid(text) ? text : undefined),
    'it has to be a GUID',
  );
  const since = readParsed(fields, 'since', parseWireTime, 'it is a time in UTC');
  const { dead } = fields;
  const given = [messageId, since, dead].filter((value) => value !== undefined);
  if (given.length === 1) {
    if (messageId !== undefined) return { messageId };
    if (since !== undefined) return { since };
    if (dead === true) return { dead };
  }
  throw invalidProperty('the body', fields, 'give one of messageId, since, and dead as true');
}
