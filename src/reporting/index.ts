export {
  readActivationKey,
  writeActivationKey,
  type ActivationKey,
  type CheckedActivationKey,
} from './activation-key.ts';
export {
  BATCH_ROWS,
  digestOfBatch,
  readBatch,
  writeBatch,
  type Batch,
  type ReportedResource,
  type ReportedRow,
} from './batch.ts';
export {
  billingModels,
  parseBillingModel,
  reportsByDefault,
  type BillingModel,
} from './billing-model.ts';
export {
  digestOfBatches,
  ManifestSums,
  readManifest,
  writeManifest,
  type Manifest,
  type MeterSum,
} from './manifest.ts';
export {
  checkReceipt,
  contentOfWindow,
  GENESIS_HASH,
  hashOfWindow,
  readAccepted,
  signReceipt,
  writeAccepted,
  type AcceptedWindow,
  type ChainOwner,
  type Receipt,
} from './receipt.ts';
export {
  readRegistrationToken,
  writeRegistrationToken,
  type CheckedRegistrationToken,
  type RegistrationToken,
} from './registration-token.ts';
export {
  newSigningKey,
  newStampKey,
  readPublicJwk,
  thumbprintOf,
  type PublicJwk,
  type SigningKey,
} from './signing.ts';
export {
  signStatement,
  verifyStatement,
  type Statement,
  type VerifiedStatement,
} from './statement.ts';
export { parseWindowName, windowName } from './window-name.ts';
