import { SYSTEM } from '../audit/index.ts';
import { rotateKeysWhenDue, sweepArtifacts } from '../identity/index.ts';
import { EVERY_MINUTE, type Task } from './jobs.ts';
import type { Ground } from './wing.ts';

/** What the authority does by itself. */
export function identityTasks({ database, clock, log }: Ground): readonly Task[] {
  return [
    {
      name: 'sweep-sign-ins',
      when: EVERY_MINUTE,
      run: async () => {
        await sweepArtifacts(database.pool, clock);
      },
    },
    {
      name: 'rotate-keys',
      when: '7 * * * *',
      run: async () => {
        const made = await database.transaction((tx) =>
          rotateKeysWhenDue(tx, { clock, actor: SYSTEM }),
        );
        if (made !== undefined) log.info({ kid: made.kid }, 'signing key made');
      },
    },
  ];
}
