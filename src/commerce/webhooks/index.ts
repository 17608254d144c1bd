export { readCa, readUrl } from './address.ts';
export {
  addEndpoint,
  changeEndpoint,
  removeEndpoint,
  replayTo,
  rotateSecret,
  webhookEndpoints,
} from './change.ts';
export { deliverWebhooks } from './deliver.ts';
export { enqueueTest } from './delivery-store.ts';
export { readEndpointChange, toWireEndpoint, type WebhookEndpoint } from './endpoint.ts';
export { findEndpoint, listEndpoints } from './endpoint-store.ts';
export { enqueueWebhook } from './enqueue.ts';
export { findMessage, listMessages, toWireMessage } from './message-store.ts';
export { registerWebhookMetrics } from './metrics.ts';
export { webhookRoutes } from './routes.ts';
export { createWebhookSender } from './sender.ts';
export { newSecret, secretText, signedHeaders } from './signing.ts';
