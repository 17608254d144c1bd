import {
  Button,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { ApiError } from '../api/error.ts';
import { useSay } from '../i18n/language.tsx';

const useStyles = makeStyles({
  root: { marginBottom: '12px' },
  line: { display: 'block', overflowWrap: 'anywhere' },
});

/** Message ids of what to do, by what went wrong. */
function adviceFor({ status, code }: ApiError): string {
  if (code === 'NoAnswer') return 'common.advice.noAnswer';
  if (status === 400) return 'common.advice.invalid';
  if (status === 403) return 'common.advice.forbidden';
  if (status === 404) return 'common.advice.notFound';
  if (status === 409 || status === 412) return 'common.advice.conflict';
  if (status === 429) return 'common.advice.tooMany';
  return 'common.advice.again';
}

/** What went wrong, what to do about it, and by which id the server's log knows it. */
export function ErrorNotice({
  error,
  onRetry,
}: {
  /** Nothing is shown without one. */
  readonly error: ApiError | null | undefined;
  readonly onRetry?: () => void;
}): ReactNode {
  const styles = useStyles();
  const say = useSay();
  if (error === null || error === undefined) return null;
  const { code, message, requestId } = error;
  return (
    <MessageBar intent="error" layout="multiline" role="alert" className={styles.root}>
      <MessageBarBody>
        <MessageBarTitle>{say('common.error.title')}</MessageBarTitle>
        {/* The server speaks English. */}
        <span className={styles.line} lang="en">
          {code === 'NoAnswer' ? say('common.error.noAnswer') : message}
        </span>
        <span className={styles.line}>{say(adviceFor(error))}</span>
        {requestId !== undefined && (
          <span className={styles.line}>{say('common.error.request', { requestId, code })}</span>
        )}
      </MessageBarBody>
      {onRetry !== undefined && (
        <MessageBarActions>
          <Button onClick={onRetry}>{say('common.retry')}</Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}
