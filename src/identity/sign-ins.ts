import type { PrincipalId } from '../kernel/index.ts';
import type { Queryable } from '../platform/index.ts';

/**
 * Ends every session of a person and every sign-in that has been begun, and takes back every token
 * that can be taken back.
 */
export async function forgetSignIns(tx: Queryable, principalId: PrincipalId): Promise<void> {
  // A begun sign-in holds the person as the result of the form, or as who was signed in before.
  await tx.query(
    `delete from authority_artifact
      where payload ->> 'accountId' = $1
         or (model = 'Interaction' and $1 in (
               payload #>> '{result,login,accountId}', payload #>> '{session,accountId}'))`,
    [principalId],
  );
}
