import { useAccount } from '../../../app/account.ts';
import type { Choice } from '../../../components/index.ts';

/** The accounts for a field that chooses one. */
export function useAccountChoices(): {
  readonly choices: readonly Choice<string>[];
  readonly nameOf: (accountId: string) => string;
} {
  const { accounts, nameOf } = useAccount();
  return {
    choices: accounts.map(({ accountId, name }) => ({ value: accountId, label: name })),
    nameOf,
  };
}
