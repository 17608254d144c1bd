import { fail } from '../../kernel/index.ts';
import { writeWhole, type Destination } from '../formats/index.ts';
import { secondsOf } from './deliver-partition.ts';
import type { ExportSubject } from './export.ts';
import type { ExportRoom } from './room.ts';
import { sourceOf } from './sources.ts';
import { writeVersion, type WritingOptions, type WrittenVersion } from './write-version.ts';

/**
 * Exports one partition without keeping anything of it here.
 *
 * @throws ExportPeriodUnknown, and what writing throws
 */
export async function exportOnce(
  { database, clock }: Pick<ExportRoom, 'database' | 'clock'>,
  subject: ExportSubject,
  period: string,
  destination: Destination,
  options: WritingOptions = {},
): Promise<WrittenVersion> {
  const now = clock.now();
  return database.transaction(
    async (tx) => {
      const all = await sourceOf(subject.dataset).partitions(tx, subject, now);
      const partition = all.find(({ name }) => name === period);
      if (partition === undefined) throw fail('ExportPeriodUnknown', { period });
      const wanted = { subject, partition, version: 1, createdAt: secondsOf(now) };
      const written = await writeVersion(tx, destination, wanted, options);
      const manifest = Buffer.from(written.manifest, 'utf8');
      await writeWhole(destination, written.manifestPath, manifest);
      return written;
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}
