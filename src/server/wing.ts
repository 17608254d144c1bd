import type { FastifyInstance } from 'fastify';
import type { Clock, Config, Database, Log, Metrics } from '../platform/index.ts';
import type { Identity } from '../identity/index.ts';
import type { Task } from './jobs.ts';
import type { Stamp } from './stamp.ts';

/** What each part of a server is built on. */
export interface Ground {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly database: Database;
  readonly stamp: Stamp;
  readonly metrics: Metrics;
  readonly identity: Identity;
  /** PEM of the authority of the server's certificate. */
  readonly ca: string;
}

/** One of the two wings of the house, as this process runs it. */
export interface Wing {
  addRoutes(app: FastifyInstance): void;
  readonly tasks: readonly Task[];
  /** Begins what speaks to others; called once the server answers. */
  start?(): void;
  /** Ends it, and what is under way. */
  stop?(): Promise<void>;
}
