import { makeStyles } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { Code, CopyButton, DownloadButton } from '../../components/index.ts';
import { useSay } from '../../i18n/language.tsx';

const useStyles = makeStyles({
  row: { display: 'flex', flexWrap: 'wrap', gap: '8px 16px', alignItems: 'center' },
});

/** How the figures are read as a feed: the address, a file that has it, and what to do with both. */
export function PowerBiCard(): ReactNode {
  const styles = useStyles();
  const say = useSay();
  const address = `${location.origin}/odata/v1/`;
  return (
    <>
      <p>{say('exports.powerBi.text')}</p>
      <div className={styles.row}>
        <span>
          {say('common.labelled', { label: say('exports.powerBi.address') })} <Code>{address}</Code>
        </span>
        <CopyButton text={address}>{say('exports.powerBi.copy')}</CopyButton>
        <DownloadButton path="/api/v1/power-bi.pbids" fileName="stackmeter.pbids">
          {say('exports.powerBi.file')}
        </DownloadButton>
      </div>
      <ol>
        <li>{say('exports.powerBi.step1')}</li>
        <li>{say('exports.powerBi.step2')}</li>
        <li>{say('exports.powerBi.step3')}</li>
      </ol>
      <p>{say('exports.powerBi.excel')}</p>
    </>
  );
}
