import { readFileSync } from 'node:fs';
import { DeviceCodeCredential } from '@azure/identity';
import { FormBrowser } from './debian/form-browser.ts';
import { runSteps, type Steps } from './steps.ts';

export interface Told {
  readonly baseUrl: string;
  readonly caFile: string;
  readonly tenantId: string;
  readonly userName: string;
  readonly password: string;
}

const MOST_PAGES = 5;

runSteps(({ baseUrl, caFile, tenantId, userName, password }: Told): Steps => {
  let prompts = 0;
  let entered: Promise<string> = Promise.resolve('nobody was asked');
  /** What somebody does who was shown the code. */
  const enter = async (url: string, code: string): Promise<string> => {
    const browser = new FormBrowser(readFileSync(caFile, 'utf8'));
    try {
      let page = await browser.open(url);
      for (let turn = 0; turn < MOST_PAGES && page.text.includes('<form'); turn++) {
        page = await browser.submit(page, { user_code: code, user_name: userName, password });
      }
      return page.text;
    } finally {
      browser.close();
    }
  };
  const credential = new DeviceCodeCredential({
    authorityHost: `${baseUrl}/adfs/stackmeter`,
    tenantId,
    disableInstanceDiscovery: true,
    userPromptCallback: ({ verificationUri, userCode }) => {
      prompts += 1;
      entered = enter(verificationUri, userCode);
    },
  });
  const scope = `${baseUrl}/.default`;
  return {
    record: () => credential.authenticate(scope),
    page: () => entered,
    token: () => credential.getToken(scope),
    forOtherScope: () => credential.getToken('https://management.azure.com/.default'),
    prompts: () => Promise.resolve(prompts),
  };
});
