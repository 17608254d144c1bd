import { Button, makeStyles } from '@fluentui/react-components';
import { useEffect, type ReactNode } from 'react';
import { useSay } from '../i18n/language.tsx';

const useStyles = makeStyles({
  root: { maxWidth: '60ch', margin: '10vh auto', padding: '0 16px' },
});

/** What is there when nobody is signed in: after signing out, and when signing in did not work. */
export function Welcome({
  failure,
  onSignIn,
}: {
  /** Why the portal cannot be opened. */
  readonly failure?: string | undefined;
  readonly onSignIn: () => void;
}): ReactNode {
  const styles = useStyles();
  const say = useSay();
  const isFailure = failure !== undefined;
  const title = say(isFailure ? 'common.startFailed.title' : 'common.signedOut.title');
  useEffect(() => {
    document.title = `${title} - Stackmeter`;
  }, [title]);
  return (
    <main className={styles.root}>
      <h1>{title}</h1>
      {isFailure ? (
        <p role="alert" lang="en">
          {failure}
        </p>
      ) : (
        <p>{say('common.signedOut.text')}</p>
      )}
      <Button appearance="primary" onClick={onSignIn}>
        {say(isFailure ? 'common.retry' : 'common.signIn')}
      </Button>
    </main>
  );
}
