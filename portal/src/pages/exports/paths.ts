export const EXPORTS = '/api/v1/exports';

export function exportPath(exportId: string): string {
  return `${EXPORTS}/${encodeURIComponent(exportId)}`;
}

export function runPath(exportId: string, runId: string): string {
  return `${exportPath(exportId)}/runs/${encodeURIComponent(runId)}`;
}
