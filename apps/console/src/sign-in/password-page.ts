import { html, type PropertyDeclarations, type TemplateResult } from 'lit';
import { AccountElement } from '../page/account-element.js';
import type { Failure } from '../api/api-client.js';
import { formField, formProblem, sendButton, type FormView } from '../form/form-field.js';
import { FormState } from '../form/form-state.js';
import { operations } from '../api/operations.js';

/**
 * @summary Setting a password by a link that works once.
 * @tagname hotline-password-page
 */
export class HotlinePasswordPage extends AccountElement {
  static override properties: PropertyDeclarations = { token: { attribute: false }, invalid: { state: true } };

  /** Of the link; null after the page was loaded again. */
  declare token: string | null;
  /** Why the link cannot be used. */
  declare protected invalid: Failure | null;
  readonly #form = new FormState(this, { password_rejected: 'password' });

  constructor() {
    super();
    this.token = null;
    this.invalid = null;
  }

  /** Another link was followed in the same window. */
  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('token')) this.invalid = null;
  }

  readonly #set = async (event: Event): Promise<void> => {
    const { token } = this;
    if (token === null) return;
    const done = await this.#form.send<unknown>(event, async ({ password = '' }) => {
      const answer = await this.ask(operations.resetPassword, { input: { token, password } });
      if (answer.ok || answer.failure.code !== 'link_invalid') return answer;
      this.invalid = answer.failure;
      return { ok: true, value: null };
    });
    if (done === null) return;
    if (done.value === null) await this.focusOn('h2');
    else this.leave('sign-in', 'password-set');
  };

  protected override render(): TemplateResult {
    const { texts } = this;
    return html`<section class="panel narrow">${this.token === null ? this.#gone() : this.#content()}</section>
      <p class="narrow"><a href="#sign-in">${texts.backToSignIn}</a></p>`;
  }

  #gone(): TemplateResult {
    const { texts } = this;
    return html`<h2 tabindex="-1">${texts.title.password}</h2>
      <p>${texts.linkGone}</p>
      <p><a href="#forgotten-password">${texts.askForAnother}</a></p>`;
  }

  #content(): TemplateResult {
    const { texts } = this;
    if (this.invalid !== null)
      return html`<h2 tabindex="-1">${texts.linkInvalidTitle}</h2>
        <p>${this.words(this.invalid)}</p>
        <p><a href="#forgotten-password">${texts.askForAnother}</a></p>`;
    const view: FormView = { state: this.#form, texts, words: (failure) => this.words(failure) };
    return html`<h2 tabindex="-1">${texts.title.password}</h2>
      <p class="lead">${texts.passwordLead}</p>
      <form novalidate @submit=${this.#set}>
        ${formProblem(view)}
        ${formField(view, {
          name: 'password',
          label: texts.newPassword,
          type: 'password',
          autocomplete: 'new-password',
          hint: texts.passwordRule,
        })}
        ${sendButton(view, texts.setPassword)}
      </form>`;
  }
}

if (customElements.get('hotline-password-page') === undefined)
  customElements.define('hotline-password-page', HotlinePasswordPage);

declare global {
  interface HTMLElementTagNameMap {
    'hotline-password-page': HotlinePasswordPage;
  }
}
