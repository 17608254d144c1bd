import { html, NOTHING, type Html } from './html.ts';
import type { Language } from './language.ts';
import { problem } from './page.ts';
import { texts } from './texts.ts';

/** What the page to sign in shows. */
export interface SignInForm {
  readonly language: Language;
  readonly action: string;
  /** What people call the client. */
  readonly client: string;
  readonly userName: string;
  readonly problem: string | undefined;
}

export function signInForm(form: SignInForm): Html {
  const text = texts[form.language];
  const described = form.problem === undefined ? NOTHING : html` aria-describedby="problem"`;
  const focus = html` autofocus`;
  const atName = form.userName === '';
  return html`
    <p>${text.signInTo(form.client)}</p>
    ${form.problem === undefined ? NOTHING : problem(form.problem)}
    <form method="post" action="${form.action}">
      <label for="user_name">${text.userName}</label>
      <input
        id="user_name"
        name="user_name"
        value="${form.userName}"
        autocomplete="username"
        autocapitalize="none"
        spellcheck="false"
        maxlength="256"
        required
        ${atName ? focus : NOTHING}
        ${described}
      />
      <label for="password">${text.password}</label>
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="current-password"
        maxlength="256"
        required
        ${atName ? NOTHING : focus}
        ${described}
      />
      <div class="buttons">
        <button type="submit">${text.signIn}</button>
        <button class="second" type="submit" name="cancel" value="yes" formnovalidate>
          ${text.cancel}
        </button>
      </div>
    </form>
  `;
}
