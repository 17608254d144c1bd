export { SYSTEM, type Actor, type AuditEvent, type NewAuditEvent } from './event.ts';
export { appendAudit, listAudit, readAuditHead, type AuditHead } from './store.ts';
export { verifyAudit, type AuditVerdict } from './verify.ts';
