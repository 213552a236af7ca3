import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { AccountElement } from '../page/account-element.js';
import { formField, formProblem, sendButton, type FormView } from '../form/form-field.js';
import { FormState, type Values } from '../form/form-state.js';
import { operations, type SignInOptions } from '../api/operations.js';
import { providerButton } from './provider-button.js';

/**
 * @summary Signing in: password, then a code where the account has a second factor; or the sign-in provider.
 * @tagname hotline-sign-in-page
 */
export class HotlineSignInPage extends AccountElement {
  static override properties: PropertyDeclarations = {
    refusal: { attribute: false },
    options: { state: true },
    codeAsked: { state: true },
  };

  /** Why the sign-in provider sent the browser back. */
  declare refusal: string | null;
  declare protected options: SignInOptions | null;
  declare protected codeAsked: boolean;
  /** What was right so far, while a code is asked for. */
  #proved: { readonly email: string; readonly password: string } | null = null;
  readonly #form = new FormState(this, {
    sign_in_failed: 'password',
    email_invalid: 'email',
    code_needed: 'code',
    code_wrong: 'code',
  });

  constructor() {
    super();
    this.refusal = null;
    this.options = null;
    this.codeAsked = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#ask();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#proved = null;
    this.codeAsked = false;
  }

  async #ask(): Promise<void> {
    const answer = await this.ask(operations.signInOptions, {});
    if (answer.ok) this.options = answer.value;
  }

  readonly #signIn = async (event: Event): Promise<void> => {
    const done = await this.#form.send(event, async (values) => {
      const answer = await this.ask(operations.signIn, { input: this.#credentials(values) });
      if (answer.ok || answer.failure.code !== 'code_needed' || this.codeAsked) return answer;
      const { email = '', password = '' } = values;
      this.#proved = { email, password };
      this.codeAsked = true;
      return { ok: true, value: null };
    });
    if (done === null) return;
    if (done.value === null) await this.focusOn('#code');
    else this.leave('account');
  };

  #credentials({ email = '', password = '', code = '' }: Values): { email: string; password: string; code?: string } {
    return this.#proved === null ? { email, password } : { ...this.#proved, code };
  }

  readonly #startAgain = (): void => {
    this.#proved = null;
    this.codeAsked = false;
    this.#form.clear();
    void this.focusOn('#email');
  };

  protected override render(): TemplateResult {
    const { texts } = this;
    const view: FormView = { state: this.#form, texts, words: (failure) => this.words(failure) };
    const refused = this.refusal === null ? undefined : texts.providerRefused[this.refusal];
    return html`<section class="panel narrow">
      <h2 tabindex="-1">${texts.title['sign-in']}</h2>
      ${refused === undefined ? nothing : html`<p class="problem" role="alert">${refused}</p>`}
      ${this.codeAsked ? this.#codeStep(view) : this.#passwordStep(view)}
    </section>`;
  }

  #passwordStep(view: FormView): TemplateResult {
    const { texts, options } = this;
    return html`<p class="lead">${texts.signInLead}</p>
      ${
        options !== null && !isHere(options.address)
          ? html`<p class="problem">
              ${texts.elsewhere}<a href=${`${options.address}/#sign-in`}>${options.address}</a>
            </p>`
          : nothing
      }
      ${
        options?.provider === true
          ? html`${providerButton(texts)}
              <p class="or">${texts.withPassword}</p>`
          : nothing
      }
      <form novalidate @submit=${this.#signIn}>
        ${formProblem(view)}
        ${formField(view, { name: 'email', label: texts.email, type: 'email', autocomplete: 'username' })}
        ${formField(view, {
          name: 'password',
          label: texts.password,
          type: 'password',
          autocomplete: 'current-password',
        })}
        ${sendButton(view, texts.signIn)}
      </form>
      <p><a href="#forgotten-password">${texts.forgotten}</a></p>`;
  }

  #codeStep(view: FormView): TemplateResult {
    const { texts } = this;
    return html`<p class="lead">${texts.codeLead}</p>
      <form novalidate @submit=${this.#signIn}>
        ${formProblem(view)}
        ${formField(view, {
          name: 'code',
          label: texts.code,
          autocomplete: 'one-time-code',
          hint: texts.codeHint,
        })}
        ${sendButton(view, texts.goOn)}
      </form>
      <p><button type="button" @click=${this.#startAgain}>${texts.startAgain}</button></p>`;
  }
}

/** Cookies and the check of the origin hold for one address only. */
function isHere(address: string): boolean {
  return new URL(address).origin === location.origin;
}

if (customElements.get('hotline-sign-in-page') === undefined)
  customElements.define('hotline-sign-in-page', HotlineSignInPage);

declare global {
  interface HTMLElementTagNameMap {
    'hotline-sign-in-page': HotlineSignInPage;
  }
}
