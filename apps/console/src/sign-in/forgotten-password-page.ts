import { html, type PropertyDeclarations, type TemplateResult } from 'lit';
import { AccountElement } from '../page/account-element.js';
import { formField, formProblem, sendButton, type FormView } from '../form/form-field.js';
import { FormState } from '../form/form-state.js';
import { operations, type SignInOptions } from '../api/operations.js';

/**
 * @summary Asking for a link to set a new password; the answer is the same whether there is such an account.
 * @tagname hotline-forgotten-password-page
 */
export class HotlineForgottenPasswordPage extends AccountElement {
  static override properties: PropertyDeclarations = { options: { state: true }, askedFor: { state: true } };

  declare protected options: SignInOptions | null;
  /** The address for which a link was asked. */
  declare protected askedFor: string | null;
  readonly #form = new FormState(this, { email_invalid: 'email' });

  constructor() {
    super();
    this.options = null;
    this.askedFor = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#ask();
  }

  async #ask(): Promise<void> {
    const answer = await this.ask(operations.signInOptions, {});
    if (answer.ok) this.options = answer.value;
  }

  readonly #request = async (event: Event): Promise<void> => {
    const done = await this.#form.send(event, async ({ email = '' }) => {
      const answer = await this.ask(operations.requestPasswordReset, { input: { email } });
      return answer.ok ? { ok: true, value: email.trim() } : answer;
    });
    if (done === null) return;
    this.askedFor = done.value;
    await this.focusOn('.notice');
  };

  protected override render(): TemplateResult {
    const { texts } = this;
    return html`<section class="panel narrow">
      <h2 tabindex="-1">${texts.title['forgotten-password']}</h2>
      ${this.#content()}
      <p><a href="#sign-in">${texts.backToSignIn}</a></p>
    </section>`;
  }

  #content(): TemplateResult {
    const { texts, askedFor } = this;
    if (this.options?.mail === false) return html`<p>${texts.noMail}</p>`;
    if (askedFor !== null) return html`<p class="notice" role="status" tabindex="-1">${texts.linkAsked(askedFor)}</p>`;
    const view: FormView = { state: this.#form, texts, words: (failure) => this.words(failure) };
    return html`<p class="lead">${texts.forgottenLead}</p>
      <form novalidate @submit=${this.#request}>
        ${formProblem(view)}
        ${formField(view, { name: 'email', label: texts.email, type: 'email', autocomplete: 'username' })}
        ${sendButton(view, texts.askForLink)}
      </form>`;
  }
}

if (customElements.get('hotline-forgotten-password-page') === undefined)
  customElements.define('hotline-forgotten-password-page', HotlineForgottenPasswordPage);

declare global {
  interface HTMLElementTagNameMap {
    'hotline-forgotten-password-page': HotlineForgottenPasswordPage;
  }
}
