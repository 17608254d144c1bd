import type { FastifyInstance } from 'fastify';
import { StackmeterError } from '../../kernel/index.ts';
import type { ReportedUsageApi } from './api.ts';
import { commerceMeterRoutes } from './meter-routes.ts';
import { readerRoutes } from './reader-routes.ts';
import { stampRoutes } from './stamp-routes.ts';

/** The wire between stamps and commerce: what stamps report, and what was accepted of it. */
export function reportedUsageRoutes(app: FastifyInstance, api: ReportedUsageApi): void {
  app.register((scope, _options, done) => {
    countRefusals(scope, api);
    stampRoutes(scope, api);
    readerRoutes(scope, api);
    done();
  });
  // Not counted among what stamps are refused.
  commerceMeterRoutes(app, api);
}

function countRefusals(scope: FastifyInstance, { metrics }: ReportedUsageApi): void {
  const refused = metrics?.counter({
    name: 'stackmeter_reported_usage_refused_total',
    help: 'Requests around reported usage that were refused, by error code',
    labels: ['code'],
  });
  if (refused === undefined) return;
  scope.addHook('onError', (_request, _reply, error: Error, done) => {
    refused.inc({ code: error instanceof StackmeterError ? error.code : 'InternalServerError' });
    done();
  });
}
