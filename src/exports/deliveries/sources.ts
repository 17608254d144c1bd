import type { ExportDataset } from './export.ts';
import { focusSource } from './focus-source.ts';
import { journalSource } from './journal-source.ts';
import type { ExportSource } from './source.ts';
import { usageSource } from './usage-source.ts';

const SOURCES: Readonly<Record<ExportDataset, ExportSource>> = {
  'focus-1.4': focusSource('1.4'),
  'focus-1.2': focusSource('1.2'),
  'usage-summary': usageSource,
  journal: journalSource,
};

export function sourceOf(dataset: ExportDataset): ExportSource {
  return SOURCES[dataset];
}
