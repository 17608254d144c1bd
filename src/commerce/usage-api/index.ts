export type { CommerceUsageApi } from './api.ts';
export {
  previewMapping,
  type MappingPreview,
  type PreviewedMapping,
  type PreviewedRegistration,
} from './mapping-preview.ts';
export type { BookedUsage } from './mapping-preview-store.ts';
export { commerceUsageRoutes } from './routes.ts';
export { commerceUsage, type CommerceUsage } from './usage-aggregates.ts';
