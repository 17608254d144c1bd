import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OtherSide } from './check-adapter.ts';
import { DECIMALS, newService, SECRET, type Protocol, type ServiceKind } from '../services.ts';

/**
 * The other side of an adapter that calls a service: one on this machine that behaves as the real one does.
 *
 * @param kind of the four, or how another answers
 */
export async function openServiceSide(kind: ServiceKind | Protocol): Promise<OtherSide> {
  const service = newService(kind);
  const close = await service.open();
  return {
    definition: {
      url: service.url,
      ca: service.ca,
      secret: SECRET,
      ...(kind === 'stripe' && { decimals: DECIMALS }),
    },
    arrived: () => [
      ...[...service.taken].map(([id, { quantity, content }]) => ({ id, quantity, content })),
      // What came again with other content is there twice, the second time as something else.
      ...service.contradictions.map((id) => ({ id, quantity: 'other content', content: '' })),
    ],
    forget: () => {
      service.forget();
      service.refuse = () => undefined;
    },
    calls: {
      fail: (faults) => service.faults.splice(0, Infinity, ...faults),
      refuse: (ids) => {
        service.refuse = (id) => (ids.has(id) ? 'nobody knows it' : undefined);
      },
      wrongSecret: `whsec_${Buffer.alloc(32, 9).toString('base64')}`,
    },
    close,
  };
}

/** The other side of files: whoever reads them. */
export function openFileSide(): Promise<OtherSide> {
  const exportFolder = mkdtempSync(join(tmpdir(), 'stackmeter-checking-'));
  return Promise.resolve({
    definition: { kind: 'csv' },
    exportFolder,
    arrived: () =>
      readdirSync(exportFolder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.csv'))
        .flatMap((name) => readFileSync(join(exportFolder, name), 'utf8').split('\r\n').slice(1))
        .filter((line) => line !== '')
        .map((line) => {
          const fields = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? [];
          const field = (at: number): string => (fields[at] ?? '').replace(/,$/, '');
          return { id: field(0), quantity: field(9), content: line };
        }),
    forget: () => {
      for (const name of readdirSync(exportFolder)) {
        rmSync(join(exportFolder, name), { recursive: true });
      }
    },
    close: () => rmSync(exportFolder, { recursive: true }),
  });
}
