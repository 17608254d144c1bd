import { makeStyles, mergeClasses } from '@fluentui/react-components';
import { Fragment, type ReactNode } from 'react';
import type { TimePrecision } from '../i18n/format.ts';
import { useFormats, useSay } from '../i18n/language.tsx';

const useStyles = makeStyles({
  figure: { fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' },
  // By its parts first: what is broken anywhere is as narrow as a letter where there is little room.
  code: { fontFamily: 'monospace', overflowWrap: 'break-word' },
  long: { overflowWrap: 'anywhere' },
});

/** A part that has to be broken where there is no sign to break it at. */
const LONG_PART = /[^/.\s-]{41}/;

/** A unit such as `10 Hours`, of which there are so many. */
const NUMBER = /^\d/;

/** An amount of money. What is rounded for the eye has all its digits as a title. */
export function Money({
  amount,
  currency,
  exact = false,
}: {
  /** A decimal as text. */
  readonly amount: string;
  readonly currency: string;
  readonly exact?: boolean;
}): ReactNode {
  const styles = useStyles();
  const formats = useFormats();
  return (
    <data
      value={amount}
      className={styles.figure}
      title={formats.money(amount, currency, { exact: true })}
    >
      {formats.money(amount, currency, { exact })}
    </data>
  );
}

/** A quantity, with its unit where one is given. */
export function Quantity({
  value,
  unit,
  exact = false,
}: {
  /** A decimal as text. */
  readonly value: string;
  readonly unit?: string | undefined;
  readonly exact?: boolean;
}): ReactNode {
  const styles = useStyles();
  const formats = useFormats();
  return (
    <data value={value} className={styles.figure} title={formats.exact(value)}>
      {exact ? formats.exact(value) : formats.decimal(value)}
      {unit !== undefined && unit !== '' && `${NUMBER.test(unit) ? ' ×' : ''} ${unit}`}
    </data>
  );
}

/** A share or a change in percent: the text has no sign of it. */
export function Percent({
  value,
  digits,
  least,
}: {
  readonly value: string;
  readonly digits?: number;
  /** Digits after the point that are always there, so that those of a column stand below each other. */
  readonly least?: number;
}): ReactNode {
  const styles = useStyles();
  const formats = useFormats();
  return <span className={styles.figure}>{formats.percent(value, digits, least)}</span>;
}

/** A day or an instant. Instants are told in UTC, as they are everywhere in the service, and say so. */
export function DateText({
  value,
  precision,
  zone = 'UTC',
}: {
  /** `2026-11-23` or `2026-11-23T10:00:00Z`; a dash stands for none. */
  readonly value: string | undefined;
  readonly precision?: TimePrecision;
  readonly zone?: string;
}): ReactNode {
  const styles = useStyles();
  const formats = useFormats();
  const say = useSay();
  if (value === undefined) return <span aria-label={say('common.none')}>-</span>;
  const isInstant = value.length > 10 && precision !== 'day' && precision !== 'month';
  return (
    <time dateTime={value} className={styles.figure}>
      {formats.time(value, precision, zone)}
      {isInstant && ` ${zone}`}
    </time>
  );
}

/** An id or another text of machines, in their type. */
export function Code({ children }: { readonly children: ReactNode }): ReactNode {
  const styles = useStyles();
  const parts = typeof children === 'string' ? children.split(/(?<=[/.])/) : undefined;
  const isLong = typeof children === 'string' && LONG_PART.test(children);
  return (
    <span className={mergeClasses(styles.code, isLong && styles.long)}>
      {parts === undefined
        ? children
        : parts.map((part, at) => (
            // Parts of a text stay where they are.
            <Fragment key={at}>
              {part}
              <wbr />
            </Fragment>
          ))}
    </span>
  );
}
