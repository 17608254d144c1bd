import axe from 'axe-core';
import type { Page } from 'playwright-core';

/**
 * The library for the focus puts these, which nobody sees, before and after a dialog or a menu: whoever tabs out of it
 * comes to one, which sends them back in. They hold nothing that could be read, and are all that is left out.
 */
const SENTINELS = '[data-tabster-dummy]';

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

const MOVES = `document.getAnimations().some(({ playState, effect }) =>
  playState === 'running' && effect.getComputedTiming().iterations !== Infinity)`;

/**
 * What a check of accessibility objects to.
 *
 * @param rules those alone; all of them unless given
 */
export async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  // A dialog that is still coming up has paler colours.
  while (await page.evaluate<boolean>(MOVES)) await page.waitForTimeout(20);
  const isThere = await page.evaluate<boolean>(`typeof axe === 'object'`);
  if (!isThere) await page.evaluate(axe.source);
  const options = {
    resultTypes: ['violations'],
    // No style comes from another server, so that none has to be fetched to be read.
    preload: false,
    ...(rules !== undefined && { runOnly: rules }),
  };
  const found = await page.evaluate<Violation[]>(
    `axe.run({ exclude: [${JSON.stringify(SENTINELS)}] }, ${JSON.stringify(options)})
       .then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes })))`,
  );
  return found.map(({ id, nodes }) => {
    const places = nodes.map(({ html }) => html.slice(0, 160)).join(' | ');
    return `axe ${id}: ${places.slice(0, 500)}`;
  });
}

/** Where colours are those of the system: what is written stays readable. */
export async function violationsInForcedColours(page: Page): Promise<string[]> {
  await page.emulateMedia({ forcedColors: 'active' });
  const found = await violations(page, ['color-contrast', 'link-in-text-block']);
  await page.emulateMedia({ forcedColors: 'none' });
  return found.map((one) => `in forced colours: ${one}`);
}

/** Whether one has to scroll sideways, in a window that is so wide. */
export async function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate<boolean>(
    'document.documentElement.scrollWidth > document.documentElement.clientWidth',
  );
}

/**
 * What can take the focus and does not show it. To be called after a key: with the pointer nothing has to be shown.
 */
export async function unseenFocus(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(FIND_UNSEEN_FOCUS);
}

/** What shows it: of the element, of what is drawn before and after it, and of the two around it. */
const FIND_UNSEEN_FOCUS = `(() => {
  const wanted = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  const properties = ['outlineStyle', 'outlineWidth', 'outlineColor', 'boxShadow', 'borderTopColor', 'borderBottomColor',
    'borderTopWidth', 'content', 'transform', 'top'];
  const lookOf = (element) =>
    [element, element.parentElement, element.parentElement?.parentElement]
      .filter((one) => one != null)
      .flatMap((one) => [null, '::before', '::after'].map((part) => getComputedStyle(one, part)))
      .map((style) => properties.map((name) => style[name]).join())
      .join(';');
  const unseen = [];
  for (const element of document.querySelectorAll(wanted)) {
    const isOut = element.matches('[data-tabster-dummy], [tabindex="-1"], :disabled') ||
      element.getClientRects().length === 0;
    if (isOut) continue;
    document.activeElement?.blur();
    const before = lookOf(element);
    element.focus({ preventScroll: true });
    const is = element.outerHTML.slice(0, 160);
    if (document.activeElement !== element) unseen.push('takes no focus: ' + is);
    else if (lookOf(element) === before) unseen.push('does not show the focus: ' + is);
  }
  return unseen;
})()`;
