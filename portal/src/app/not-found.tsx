import type { ReactNode } from 'react';
import { PageHeader } from '../components/page-header.tsx';
import { PageLink } from '../components/page-link.tsx';
import { useSay } from '../i18n/language.tsx';

/** Nothing is here, or nothing for whoever asks: the two look the same. */
export function NotFound(): ReactNode {
  const say = useSay();
  return (
    <>
      <PageHeader title={say('common.notFound.title')} />
      <p>{say('common.notFound.text')}</p>
      <p>
        <PageLink to="/">{say('common.notFound.home')}</PageLink>
      </p>
    </>
  );
}
