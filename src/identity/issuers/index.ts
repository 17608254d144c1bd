export { readTrustedIssuers, type TenantBinding, type TrustedIssuer } from './configuration.ts';
export { externalPrincipalId } from './external-token.ts';
export { createTrustedIssuers, type IssuerState, type TrustedIssuers } from './trusted-issuers.ts';
