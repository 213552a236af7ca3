import { html, type PropertyDeclarations, type TemplateResult } from 'lit';
import '../account/link-once.js';
import { operations, type Tenant } from '../api/operations.js';
import { formField, formProblem, sendButton, type FormView } from '../form/form-field.js';
import { FormState } from '../form/form-state.js';
import { AccountElement } from '../page/account-element.js';
import { organisationsTexts } from './texts-in.js';

/**
 * @summary Invites the first administrator of an organisation that has none.
 * @tagname hotline-invite-administrator-form
 *
 * @fires hotline-said - it was sent, and what is to be said of it; or null: it was given up
 */
export class HotlineInviteAdministratorForm extends AccountElement {
  static override properties: PropertyDeclarations = {
    tenant: { attribute: false },
    handed: { state: true },
  };

  declare tenant: Tenant;
  /** To be handed over, as no mail was sent. */
  declare protected handed: { readonly email: string; readonly link: string } | null;
  readonly #form = new FormState(this, { email_invalid: 'email', name_missing: 'name' });

  constructor() {
    super();
    this.handed = null;
  }

  protected override firstUpdated(): void {
    void this.focusOn('#lead');
  }

  readonly #invite = async (event: Event): Promise<void> => {
    const done = await this.#form.send(event, async ({ email = '', name = '' }) => {
      const answer = await this.ask(operations.inviteAdministrator, {
        input: { tenantId: this.tenant.id, email, name },
      });
      return answer.ok ? { ok: true, value: { email: email.trim(), link: answer.value.link } } : answer;
    });
    if (done === null) return;
    const { email, link } = done.value;
    if (link === null) {
      this.#say(this.texts.invited(email));
      return;
    }
    this.handed = { email, link };
    await this.focusOn('.handed');
  };

  #say(detail: string | null): void {
    this.dispatchEvent(new CustomEvent<string | null>('hotline-said', { detail, bubbles: true, composed: true }));
  }

  protected override render(): TemplateResult {
    const { texts, tenant, handed, language } = this;
    const own = organisationsTexts(language);
    if (handed !== null)
      return html`<div class="handed" tabindex="-1">
        <hotline-link-once
          .language=${language}
          .link=${handed.link}
          .lead=${texts.inviteLinkLead(handed.email)}
        ></hotline-link-once>
      </div>`;
    const view: FormView = { state: this.#form, texts, words: (each) => this.words(each) };
    return html`<form class="notice" novalidate aria-label=${own.inviteTo(tenant.name)} @submit=${this.#invite}>
      <p id="lead" tabindex="-1">${own.inviteLead(tenant.name)}</p>
      ${formProblem(view)}
      <div class="people">
        ${formField(view, { name: 'email', label: texts.email, type: 'email', autocomplete: 'off' })}
        ${formField(view, { name: 'name', label: own.administratorName, autocomplete: 'off' })}
      </div>
      <div class="row">
        ${sendButton(view, texts.send)}
        <button type="button" @click=${() => this.#say(null)}>${texts.cancel}</button>
      </div>
    </form>`;
  }
}

if (customElements.get('hotline-invite-administrator-form') === undefined)
  customElements.define('hotline-invite-administrator-form', HotlineInviteAdministratorForm);

declare global {
  interface HTMLElementTagNameMap {
    'hotline-invite-administrator-form': HotlineInviteAdministratorForm;
  }
}
