import { html, NOTHING, type Html } from './html.ts';
import type { Language } from './language.ts';
import { problem } from './page.ts';
import { texts } from './texts.ts';

/** What the forms about a device code have in common. */
interface DeviceForm {
  readonly language: Language;
  readonly action: string;
  /** Ties the form to the browser session. */
  readonly xsrf: string;
  readonly userCode: string;
}

export function codeForm(form: DeviceForm & { readonly problem: string | undefined }): Html {
  const text = texts[form.language];
  return html`
    <p id="hint">${text.deviceHint}</p>
    ${form.problem === undefined ? NOTHING : problem(form.problem)}
    <form method="post" action="${form.action}">
      <input type="hidden" name="xsrf" value="${form.xsrf}" />
      <label for="user_code">${text.deviceCode}</label>
      <input
        class="code"
        id="user_code"
        name="user_code"
        value="${form.userCode}"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck="false"
        maxlength="20"
        required
        autofocus
        aria-describedby="${form.problem === undefined ? 'hint' : 'problem'}"
      />
      <div class="buttons"><button type="submit">${text.next}</button></div>
    </form>
  `;
}

export function confirmForm(form: DeviceForm & { readonly client: string }): Html {
  const text = texts[form.language];
  return html`
    <p>${text.confirmHint(form.client)}</p>
    <p class="code">${form.userCode}</p>
    <form method="post" action="${form.action}">
      <input type="hidden" name="xsrf" value="${form.xsrf}" />
      <input type="hidden" name="user_code" value="${form.userCode}" />
      <input type="hidden" name="confirm" value="yes" />
      <div class="buttons">
        <button type="submit">${text.confirm}</button>
        <button class="second" type="submit" name="abort" value="yes">${text.notMine}</button>
      </div>
    </form>
  `;
}

export function signOutForm(form: Omit<DeviceForm, 'userCode'> & { readonly hint: string }): Html {
  const text = texts[form.language];
  return html`
    <p>${form.hint}</p>
    <form method="post" action="${form.action}">
      <input type="hidden" name="xsrf" value="${form.xsrf}" />
      <div class="buttons">
        <button type="submit" name="logout" value="yes" autofocus>${text.signOut}</button>
      </div>
    </form>
  `;
}

/** What went wrong, with the details that a helper may ask for. */
export function errorBody(
  language: Language,
  error: { readonly hint: string; readonly details: readonly string[] },
): Html {
  const lines = error.details.map((line) => html`<p>${line}</p>`);
  return html`
    ${problem(error.hint)}
    <details>
      <summary>${texts[language].errorDetails}</summary>
      ${lines}
    </details>
  `;
}
