export const ADAPTERS = '/api/v1/billing-adapters';

export function adapterPath(adapterId: string): string {
  return `${ADAPTERS}/${encodeURIComponent(adapterId)}`;
}
