import { Button } from '@fluentui/react-components';
import { CheckmarkRegular, CopyRegular } from '@fluentui/react-icons';
import { useState, type ReactNode } from 'react';
import { useSay } from '../i18n/language.tsx';

/** Puts a text on the clipboard, and says that it did. */
export function CopyButton({
  text,
  children,
}: {
  /** Taken when the button is pressed. */
  readonly text: string | (() => string);
  readonly children: ReactNode;
}): ReactNode {
  const say = useSay();
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(typeof text === 'string' ? text : text());
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <>
      <Button
        appearance="subtle"
        icon={isCopied ? <CheckmarkRegular /> : <CopyRegular />}
        onClick={() => void copy()}
      >
        {children}
      </Button>
      <output>{isCopied ? say('common.copied') : ''}</output>
    </>
  );
}
