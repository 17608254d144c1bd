import { Button } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons';
import { useState, type ReactNode } from 'react';
import type { Query } from '../api/client.ts';
import { asApiError, useApi } from '../api/hooks.ts';
import { useSay } from '../i18n/language.tsx';
import { ErrorNotice } from './error-notice.tsx';

/** Gives a file to whoever sits here, as the browser's own downloads do. */
export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken hold of it by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Fetches a file as the person who is signed in, and saves it. */
export function DownloadButton({
  path,
  query,
  fileName,
  children,
}: {
  readonly path: string;
  readonly query?: Query;
  /** Where the server gives it no name. */
  readonly fileName: string;
  readonly children: ReactNode;
}): ReactNode {
  const api = useApi();
  const say = useSay();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const download = async (): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      const { content, name } = await api.file(path, { query });
      saveFile(content, name ?? fileName);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div>
      <Button
        icon={<ArrowDownloadRegular />}
        disabledFocusable={isBusy}
        onClick={() => void download()}
      >
        {isBusy ? say('common.downloading') : children}
      </Button>
      <ErrorNotice error={asApiError(failure)} />
    </div>
  );
}
