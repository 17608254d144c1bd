import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { AttentionItem, Overview, Severity } from '../../api/types/overview.ts';
import { useAccount } from '../../app/account.ts';
import { PageLink, Section, StateBadge, type Tone } from '../../components/index.ts';
import { useFormats, useHasText, useSay } from '../../i18n/language.tsx';
import { useStampAttention, type Told } from './stamp-attention.ts';

const TONES: Readonly<Record<Severity, Tone>> = { error: 'bad', warning: 'warning', info: 'info' };
const ORDER: readonly Severity[] = ['error', 'warning', 'info'];

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  item: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: '8px',
    padding: '6px 0',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
  },
});

/** Where the portal has what an item is about. */
const PLACES: Readonly<Record<string, string>> = {
  problems: '/periods',
  periods: '/periods',
  invoices: '/invoices',
  charges: '/cost',
  rating: '/rating',
};

/** What somebody should look at, the worst first: of commerce, and of the cloud for those who run it. */
export function Attention({ overview }: { readonly overview: Overview | undefined }): ReactNode {
  const styles = useStyles();
  const say = useSay();
  const tell = useTelling(overview?.view);
  const ofStamp = useStampAttention();
  const all = [...ofStamp, ...(overview?.attention ?? []).map(tell)].toSorted(
    (one, other) => ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity),
  );
  return (
    <Section title={say('overview.attention')}>
      {all.length === 0 ? (
        <StateBadge tone="good">{say('overview.attention.none')}</StateBadge>
      ) : (
        <ul className={styles.list}>
          {all.map(({ id, severity, text, to, search }) => (
            <li key={id} className={styles.item}>
              <StateBadge tone={TONES[severity]}>{say(`overview.severity.${severity}`)}</StateBadge>
              {to === undefined ? (
                <span>{text}</span>
              ) : (
                <PageLink to={to} {...(search !== undefined && { search })}>
                  {text}
                </PageLink>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** An item of commerce in words. One of a kind that is not known here is told by its name. */
function useTelling(view: Overview['view'] | undefined): (item: AttentionItem) => Told {
  const say = useSay();
  const hasText = useHasText();
  const formats = useFormats();
  const { nameOf } = useAccount();
  return ({ kind, severity, count, parameters, target }) => {
    const { code = '', amount, currency, hours } = parameters;
    const { place = '', account, period } = target;
    const id = `overview.attention.${kind}`;
    const values = {
      count,
      code,
      period: period === undefined ? '' : formats.period(period),
      account: account === undefined ? '' : nameOf(account),
      amount: amount === undefined || currency === undefined ? '' : formats.money(amount, currency),
      hours: hours ?? '',
    };
    const to = PLACES[place];
    const search = {
      ...(account !== undefined && { account }),
      ...(place === 'invoices' && {
        state: 'overdue',
        // Those of one account are what it has to pay.
        view: account === undefined ? view : 'buying',
      }),
    };
    const whose = [values.account, values.period].filter((one) => one !== '').join(', ');
    const text = hasText(id) ? say(id, values) : `${kind} ${code}`;
    return {
      id: `${kind} ${code} ${currency}`,
      severity,
      text: whose === '' ? text : `${text} (${whose})`,
      ...(to !== undefined && { to, search }),
    };
  };
}
