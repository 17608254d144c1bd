import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newRequestId, responseHeaders } from './headers.ts';

const NOW = Temporal.Instant.from('2018-06-01T10:00:00Z');
const MINE = '0E2F1A3B-0000-4000-8000-0123456789ab';

describe('the ids of a request', () => {
  it("a caller's GUID follows its action through the answers, and never becomes the request id", () => {
    const id = newRequestId();
    const received = { 'x-ms-correlation-request-id': MINE, 'x-ms-request-id': MINE };
    const headers = responseHeaders(id, 'local', NOW, received);
    assert.equal(headers['x-ms-correlation-request-id'], MINE);
    assert.equal(headers['x-ms-request-id'], id);
    assert.equal(headers['x-ms-routing-request-id'], `LOCAL:20180601T100000Z:${id}`);
  });

  it('anything else is not repeated', () => {
    const id = newRequestId();
    for (const sent of ['', 'x', `${MINE} `, `{${MINE}}`, [MINE, MINE].join(', ')]) {
      const headers = responseHeaders(id, 'local', NOW, { 'x-ms-correlation-request-id': sent });
      assert.equal(headers['x-ms-correlation-request-id'], id);
    }
  });
});
