import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { AccountElement } from '../page/account-element.js';
import type { Failure } from '../api/api-client.js';
import { formField, formProblem, sendButton, type Field, type FormView } from '../form/form-field.js';
import { FormState, type Values } from '../form/form-state.js';
import { operations, type Offer, type SignInOptions } from '../api/operations.js';
import { providerButton } from './provider-button.js';
import { timeOf } from '../account/time-of.js';

type Found =
  | { readonly status: 'loading' }
  | { readonly status: 'offer'; readonly offer: Offer; readonly signedInAs: string | null }
  | { readonly status: 'failed'; readonly failure: Failure };

/**
 * @summary What an invitation offers, and accepting it: with a new account, with the one there is, or as who is signed in.
 * @tagname hotline-invitation-page
 */
export class HotlineInvitationPage extends AccountElement {
  static override properties: PropertyDeclarations = {
    token: { attribute: false },
    found: { state: true },
    options: { state: true },
    codeAsked: { state: true },
  };

  /** Of the link; null after the page was loaded again. */
  declare token: string | null;
  declare protected found: Found;
  declare protected options: SignInOptions | null;
  declare protected codeAsked: boolean;
  readonly #form = new FormState(this, {
    sign_in_failed: 'password',
    password_rejected: 'password',
    email_invalid: 'email',
    name_missing: 'name',
    code_needed: 'code',
    code_wrong: 'code',
  });

  constructor() {
    super();
    this.token = null;
    this.found = { status: 'loading' };
    this.options = null;
    this.codeAsked = false;
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('token') && this.token !== null) void this.#find(this.token);
  }

  async #find(token: string): Promise<void> {
    this.found = { status: 'loading' };
    this.codeAsked = false;
    this.#form.clear();
    const [offer, viewer, options] = await Promise.all([
      this.ask(operations.invitation, { token }),
      this.askQuietly(operations.viewer, {}),
      this.ask(operations.signInOptions, {}),
    ]);
    if (token !== this.token) return;
    if (options.ok) this.options = options.value;
    this.found = offer.ok
      ? { status: 'offer', offer: offer.value, signedInAs: viewer.ok ? viewer.value.email : null }
      : { status: 'failed', failure: offer.failure };
  }

  readonly #accept = async (event: Event): Promise<void> => {
    const { token } = this;
    if (token === null) return;
    const done = await this.#form.send(event, async (values) => {
      const answer = await this.ask(operations.acceptInvitation, { input: { token, ...given(values) } });
      if (answer.ok) return answer;
      if (answer.failure.code === 'link_invalid') this.found = { status: 'failed', failure: answer.failure };
      else if (answer.failure.code === 'code_needed' && !this.codeAsked) this.codeAsked = true;
      else return answer;
      return { ok: true, value: null };
    });
    if (done === null) return;
    if (done.value === null) await this.focusOn(this.codeAsked ? '#code' : 'h2');
    else this.leave('account', 'joined');
  };

  protected override render(): TemplateResult {
    return html`<section class="panel narrow">${this.#content()}</section>`;
  }

  #content(): TemplateResult {
    const { texts, found, token } = this;
    if (token === null)
      return html`<h2 tabindex="-1">${texts.title.invitation}</h2>
        <p>${texts.linkGone}</p>
        <p><a href="#sign-in">${texts.signIn}</a></p>`;
    switch (found.status) {
      case 'loading':
        return html`<h2 tabindex="-1">${texts.title.invitation}</h2>
          <p role="status">${texts.loading}</p>`;
      case 'failed':
        return this.#failed(token, found.failure);
      case 'offer':
        return this.#offer(found.offer, found.signedInAs);
    }
  }

  #failed(token: string, failure: Failure): TemplateResult {
    const { texts } = this;
    const invalid = failure.code === 'link_invalid';
    return html`<h2 tabindex="-1">${invalid ? texts.linkInvalidTitle : texts.title.invitation}</h2>
      <p role="alert">${this.words(failure)}</p>
      ${
        invalid
          ? html`<p class="aside">${texts.linkInvalidFirst}</p>
              <p><a href="#sign-in">${texts.signIn}</a></p>`
          : html`<p><button type="button" @click=${() => this.#find(token)}>${texts.retry}</button></p>`
      }`;
  }

  #offer(offer: Offer, signedInAs: string | null): TemplateResult {
    const { texts } = this;
    const { tenantName, tenantKind, email, role, expiresAt, hasAccount } = offer;
    const view: FormView = { state: this.#form, texts, words: (failure) => this.words(failure) };
    const asInvited = signedInAs !== null && signedInAs === email;
    return html`<h2 tabindex="-1">${texts.title.invitation}</h2>
      <p class="lead">${email === null ? texts.firstAdministratorLead : texts.invitationLead(tenantName)}</p>
      <dl>
        <dt>${texts.organisation}</dt>
        <dd>${tenantName}<span class="mark">${texts.kind[tenantKind]}</span></dd>
        <dt>${texts.role}</dt>
        <dd>
          <strong>${texts.roleName[role]}</strong>${texts.colon}${
            tenantKind === 'operator' && role === 'administrator' ? texts.roleOperator : texts.roleMay[role]
          }
        </dd>
        ${
          email === null
            ? nothing
            : html`<dt>${texts.accountFor}</dt>
                <dd>${email}</dd>`
        }
        <dt>${texts.validUntil}</dt>
        <dd>${timeOf(expiresAt, this.locale)}</dd>
      </dl>
      ${
        asInvited
          ? html`<p>${texts.signedInAsInvited(signedInAs)}</p>`
          : html`${signedInAs === null ? nothing : html`<p class="notice">${texts.signedInAsOther(signedInAs)}</p>`}
            ${email === null ? nothing : html`<p>${hasAccount ? texts.hasAccount : texts.newAccount}</p>`}
            ${
              this.options?.provider === true && email !== null
                ? html`${providerButton(texts)}
                    <p class="hint">${texts.providerHint}</p>
                    <p class="or">${texts.withPassword}</p>`
                : nothing
            }`
      }
      <form novalidate @submit=${this.#accept}>
        ${formProblem(view)} ${asInvited ? nothing : this.#fields(offer).map((field) => formField(view, field))}
        ${sendButton(view, hasAccount || asInvited ? texts.accept : texts.acceptNew)}
      </form>`;
  }

  #fields({ email, name, hasAccount }: Offer): Field[] {
    const { texts } = this;
    const address: Field = { name: 'email', label: texts.email, type: 'email', autocomplete: 'username' };
    const invited = email === null ? address : { ...address, value: email, readonly: true };
    const code: Field = { name: 'code', label: texts.code, autocomplete: 'one-time-code', hint: texts.codeHint };
    if (hasAccount)
      return [
        invited,
        { name: 'password', label: texts.password, type: 'password', autocomplete: 'current-password' },
        ...(this.codeAsked ? [code] : []),
      ];
    return [
      invited,
      { name: 'name', label: texts.yourName, autocomplete: 'name', value: name },
      {
        name: 'password',
        label: texts.newPassword,
        type: 'password',
        autocomplete: 'new-password',
        hint: texts.passwordRule,
      },
    ];
  }
}

/** Only what was filled in. */
function given({ email, name, password, code }: Values): Values {
  return Object.fromEntries(
    Object.entries({ email, name, password, code }).filter(([, value]) => value !== undefined && value !== ''),
  ) as Values;
}

if (customElements.get('hotline-invitation-page') === undefined)
  customElements.define('hotline-invitation-page', HotlineInvitationPage);

declare global {
  interface HTMLElementTagNameMap {
    'hotline-invitation-page': HotlineInvitationPage;
  }
}
