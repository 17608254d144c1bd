export { parseMailAddress } from './address.ts';
export { enqueueMail } from './enqueue.ts';
export { mailStates, toWireMail } from './message.ts';
export { countMailSince, listMail, type MailReplay } from './message-store.ts';
export { replayMail } from './replay.ts';
export { registerMailMetrics } from './metrics.ts';
export { mailRoutes } from './routes.ts';
export { createMailSender } from './sender.ts';
