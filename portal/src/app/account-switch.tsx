import { Combobox, makeStyles, mergeClasses, Option } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { useSay } from '../i18n/language.tsx';
import { useAccount } from './account.ts';

const useStyles = makeStyles({ root: { minWidth: 'min(220px, 60vw)' } });

/** Accounts shown at once; more are found by typing. */
const SHOWN = 100;

/** Chooses the billing account that the pages are about; not there for those who have only one. */
export function AccountSwitch({ className }: { readonly className: string }): ReactNode {
  const styles = useStyles();
  const say = useSay();
  const { accounts, account, accountId, choose } = useAccount();
  const [typed, setTyped] = useState<string>();
  if (accounts.length < 2) return null;
  const wanted = typed?.trim().toLowerCase() ?? '';
  const found = accounts.filter(
    (one) => one.name.toLowerCase().includes(wanted) || one.accountId === wanted,
  );
  return (
    <Combobox
      className={mergeClasses(styles.root, className)}
      inlinePopup
      aria-label={say('common.account')}
      value={typed ?? account?.name ?? accountId ?? ''}
      selectedOptions={accountId === undefined ? [] : [accountId]}
      onChange={({ target }) => setTyped(target.value)}
      onOptionSelect={(_, { optionValue }) => {
        setTyped(undefined);
        if (optionValue !== undefined) choose(optionValue);
      }}
      onBlur={() => setTyped(undefined)}
    >
      {found.slice(0, SHOWN).map((one) => (
        <Option key={one.accountId} value={one.accountId} text={one.name}>
          {one.name}
        </Option>
      ))}
    </Combobox>
  );
}
