import type { FastifyInstance } from 'fastify';
import { authorize, type Authenticate } from '../../identity/index.ts';
import { queryParameters, type Clock, type Database } from '../../platform/index.ts';
import { MOST_CALL_MILLISECONDS, MOST_LINES, MOST_MILLISECONDS } from './bounds.ts';
import { openReceivedTotals } from './commerce-source.ts';
import { reconciliationOperations } from './operations.ts';
import type { ReceivedTotals } from './received-totals.ts';
import { reconcile, type Meters, type ReconciliationReader } from './reconcile.ts';
import { readReconciliationRequest } from './request.ts';
import { toWireLine, toWireRequest, toWireSummary } from './wire.ts';

export interface ReconciliationApi {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
  /** in place of the bridge */
  readonly openReceived?: () => Promise<ReceivedTotals | undefined>;
}

/** The comparison of what was counted with what was reported: the operator's. */
export function reconciliationRoutes(app: FastifyInstance, api: ReconciliationApi): void {
  const { database, clock } = api;
  app.get(
    '/api/v1/reconciliation',
    { config: { operation: reconciliationOperations.compare } },
    async (request) => {
      const principal = await api.authenticate(request);
      authorize(principal, 'Stackmeter.Metering/reconciliation/read');
      const texts = queryParameters(request);
      const asked = readReconciliationRequest(
        { from: texts.get('from'), to: texts.get('to'), by: texts.get('by') },
        clock.now(),
      );
      const open = api.openReceived ?? (() => openReceivedTotals(api, MOST_CALL_MILLISECONDS));
      const lines: object[] = [];
      let meters: Meters = new Map();
      const reader: ReconciliationReader = {
        lines: (some, known) => {
          meters = known;
          for (const line of some) lines.push(toWireLine(line, known));
        },
      };
      const summary = await reconcile({ database, clock, received: await open() }, asked, reader, {
        lines: MOST_LINES,
        milliseconds: MOST_MILLISECONDS,
      });
      return { ...toWireRequest(asked), lines, ...toWireSummary(summary, meters) };
    },
  );
}
