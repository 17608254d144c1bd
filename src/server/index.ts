export { ensureOperatorClient, type OperatorClient } from './operator-client.ts';
export { findServer } from './data-folder.ts';
export { type ServerAddress } from './server-address.ts';
export { startServer, type Server, type ServerOptions } from './server.ts';
export { ensureStamp, type Stamp } from './stamp.ts';
export { ownRecords } from './own-records.ts';
