export * from './clock.ts';
export * from './config/index.ts';
export * from './database/index.ts';
export * from './http/index.ts';
export * from './repeating.ts';
export * from './telemetry/index.ts';
export * from './tls/index.ts';
