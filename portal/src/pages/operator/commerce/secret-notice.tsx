import type { ReactNode } from 'react';
import { Code, CopyButton, Notice } from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';

/** A key that was made just now, and is not shown again. */
export function SecretNotice({ secret }: { readonly secret: string | undefined }): ReactNode {
  const say = useSay();
  return (
    <div aria-live="polite">
      {secret !== undefined && (
        <Notice
          tone="warning"
          title={say('op.webhook.secret')}
          actions={<CopyButton text={secret}>{say('op.copy')}</CopyButton>}
        >
          <Code>{secret}</Code> {say('op.webhook.secret.once')}
        </Notice>
      )}
    </div>
  );
}
