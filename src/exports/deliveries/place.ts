import { hash } from 'node:crypto';
import type { ExportDefinition, ExportDestination } from './export.ts';

/**
 * A destination as a text that is the same for all that lead to the same files, and with which that of a destination
 * within it begins: `folder:/finance/focus/`, `s3:https://s3.example.org/bucket/prefix/`. Folders are the same whatever
 * the case of their letters, which is so on some disks.
 */
export function placeOf(destination: ExportDestination): string {
  if (destination.kind === 'folder') return `folder:/${destination.path.toLowerCase()}/`;
  const { origin, pathname } = new URL(destination.endpoint);
  const parts = [pathname.replaceAll(/^\/+|\/+$/g, ''), destination.bucket, destination.prefix];
  return `s3:${[origin, ...parts].filter((part) => part !== '').join('/')}/`;
}

/** Below it the file adapters have theirs. */
export const ADAPTERS_PLACE = 'folder:/adapters/';

/** Whether an export has the folder that it gets when nobody chooses one: it is its alone, and goes with it. */
export function hasOwnFolder({
  exportId,
  destination,
}: Pick<ExportDefinition, 'exportId' | 'destination'>): boolean {
  return destination.kind === 'folder' && destination.path.toLowerCase() === exportId;
}

/**
 * Stands for all that says which rows are delivered, how they are written down and where to. What was delivered in one
 * form says nothing about another.
 */
export function formOf(
  one: Pick<
    ExportDefinition,
    'dataset' | 'view' | 'format' | 'layout' | 'delivery' | 'granularity' | 'destination'
  >,
): string {
  const { dataset, view, format, layout, delivery, granularity, destination } = one;
  const windows = dataset === 'usage-summary' ? granularity : '';
  const place = placeOf(destination);
  return hash('sha256', JSON.stringify([dataset, view, format, layout, delivery, windows, place]));
}
