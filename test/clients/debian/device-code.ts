import type { ChildProcess } from 'node:child_process';
import { FormBrowser, type Page } from './form-browser.ts';
import type { Done } from './process.ts';
import type { ClientStamp } from './stamp.ts';

const INVITATION = /(https:\/\/\S+)[\s\S]*?\b([A-Z0-9]{4}-?[A-Z0-9]{4})\b/;
const PATIENCE_MS = 60_000;
const MOST_PAGES = 5;

/**
 * Waits until a program asks somebody to enter a code on a page, does so as the user of the stamp,
 * and waits for the program to end.
 */
export async function signInWithDeviceCode(child: ChildProcess, stamp: ClientStamp): Promise<Done> {
  let [out, err] = ['', ''];
  const ended = new Promise<number>((resolve) => {
    child.once('close', (code) => resolve(code ?? 1));
  });
  const invited = new Promise<RegExpExecArray>((resolve) => {
    const look = (): void => {
      const match = INVITATION.exec(`${out}${err}`);
      if (match !== null) resolve(match);
    };
    child.stdout?.on('data', (text: Buffer) => {
      out += text.toString();
      look();
    });
    child.stderr?.on('data', (text: Buffer) => {
      err += text.toString();
      look();
    });
  });
  const patience = setTimeout(() => child.kill(), PATIENCE_MS);
  try {
    const first = await Promise.race([invited, ended]);
    if (typeof first !== 'number') await enterCode(stamp, first[1] ?? '', first[2] ?? '');
    return { code: await ended, out, err };
  } finally {
    clearTimeout(patience);
  }
}

async function enterCode(stamp: ClientStamp, url: string, userCode: string): Promise<void> {
  const browser = new FormBrowser(stamp.ca);
  const values = {
    user_code: userCode,
    user_name: stamp.userName,
    password: stamp.password,
  };
  try {
    let page: Page = await browser.open(url);
    for (let turn = 0; turn < MOST_PAGES && /<form\b/.test(page.text); turn++) {
      page = await browser.submit(page, values);
    }
    if (page.status >= 400 || /<form\b/.test(page.text)) {
      throw new Error(`the code was not taken: ${page.status} ${page.text}`);
    }
  } finally {
    browser.close();
  }
}
