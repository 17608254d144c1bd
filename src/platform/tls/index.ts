export { ensureTls, type TlsMaterial } from './tls.ts';
export { canonicalHost } from './names.ts';
export { PRIVATE_FILE, readIfPresent, replaceFile } from './files.ts';
