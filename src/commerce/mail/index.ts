export { parseMailAddress } from './address.ts';
export { enqueueMail } from './enqueue.ts';
export { mailStates, toWireMail } from './message.ts';
export { countMailSince, listMail } from './message-store.ts';
export { readReplay, type Replay } from './replay-request.ts';
export { replayMail } from './replay.ts';
export { registerMailMetrics } from './metrics.ts';
export { mailRoutes } from './routes.ts';
export { createMailSender } from './sender.ts';
