import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { AccountElement } from '../page/account-element.js';
import type { Failure } from '../api/api-client.js';
import { choiceField, formField, formProblem, sendButton, type FormView } from '../form/form-field.js';
import { FormState } from '../form/form-state.js';
import './link-once.js';
import { operations, type Invitation, type Role } from '../api/operations.js';
import { readAll } from '../api/read-all.js';
import { isRole, roleOptions } from './role-choice.js';
import { shortTimeOf } from './time-of.js';

const usualRole: Role = 'analyst';

/** What became of the last invitation: sent by mail, or to be handed over. */
interface Invited {
  readonly email: string;
  readonly link: string | null;
}

/**
 * @summary Inviting to the organisation, and the invitations that nobody has accepted yet.
 * @tagname hotline-invitations-panel
 */
export class HotlineInvitationsPanel extends AccountElement {
  static override properties: PropertyDeclarations = {
    invitations: { state: true },
    chosenRole: { state: true },
    invited: { state: true },
    failure: { state: true },
    said: { state: true },
  };

  declare protected invitations: readonly Invitation[] | null;
  /** Chosen for the next invitation. */
  declare protected chosenRole: Role;
  declare protected invited: Invited | null;
  declare protected failure: Failure | null;
  declare protected said: string;
  readonly #form = new FormState(this, { email_invalid: 'email', name_missing: 'name' });

  constructor() {
    super();
    this.invitations = null;
    this.chosenRole = usualRole;
    this.invited = null;
    this.failure = null;
    this.said = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#read();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.invited = null;
  }

  async #read(): Promise<void> {
    const answer = await readAll((after) => this.ask(operations.invitations, { after }));
    if (answer.ok) this.invitations = answer.value.filter(isOpen);
    this.failure = answer.ok ? null : answer.failure;
  }

  readonly #invite = async (event: Event): Promise<void> => {
    const form = event.currentTarget;
    const done = await this.#form.send(event, async ({ email = '', name = '', role = '' }) => {
      const answer = await this.ask(operations.inviteMember, {
        input: { email, name, role: isRole(role) ? role : 'viewer' },
      });
      return answer.ok ? { ok: true, value: { email: email.trim(), link: answer.value.link } } : answer;
    });
    if (done === null) return;
    if (form instanceof HTMLFormElement) form.reset();
    this.chosenRole = usualRole;
    this.said = '';
    this.invited = done.value;
    await this.#read();
    await this.focusOn('.invited');
  };

  async #revoke({ id, name }: Invitation): Promise<void> {
    const answer = await this.ask(operations.revokeInvitation, { id });
    if (!answer.ok) {
      this.failure = answer.failure;
      return;
    }
    this.invited = null;
    await this.#read();
    this.said = this.texts.revoked(name);
    await this.focusOn('.open');
  }

  protected override render(): TemplateResult {
    const { texts, invitations, failure, invited } = this;
    const view: FormView = { state: this.#form, texts, words: (each) => this.words(each) };
    return html`<section class="panel" aria-labelledby="heading">
      <h3 id="heading">${texts.invite}</h3>
      <p class="aside">${texts.inviteLead}</p>
      <form novalidate @submit=${this.#invite}>
        ${formProblem(view)}
        <div class="people">
          ${formField(view, { name: 'email', label: texts.email, type: 'email', autocomplete: 'off' })}
          ${formField(view, { name: 'name', label: texts.name, autocomplete: 'off' })}
          ${choiceField(view, {
            name: 'role',
            label: texts.role,
            hint: texts.roleMay[this.chosenRole],
            options: roleOptions(texts, this.chosenRole),
            choose: (role) => {
              if (isRole(role)) this.chosenRole = role;
            },
          })}
        </div>
        <div>${sendButton(view, texts.send)}</div>
      </form>
      ${invited === null ? nothing : this.#invited(invited)}
      <h3 class="open" tabindex="-1">${texts.openInvitations}</h3>
      <p class="done" role="status">${this.said}</p>
      ${failure === null ? nothing : html`<p class="problem" role="alert">${this.words(failure)}</p>`}
      ${
        invitations === null
          ? nothing
          : invitations.length === 0
            ? html`<p class="aside">${texts.noInvitations}</p>`
            : html`<ul class="list">
                ${invitations.map((invitation) => this.#row(invitation))}
              </ul>`
      }
    </section>`;
  }

  #invited({ email, link }: Invited): TemplateResult {
    const { texts, language } = this;
    return html`<div class="invited" tabindex="-1">
      ${
        link === null
          ? html`<p class="notice" role="status">${texts.invited(email)}</p>`
          : html`<hotline-link-once
              .language=${language}
              .link=${link}
              .lead=${texts.inviteLinkLead(email)}
            ></hotline-link-once>`
      }
    </div>`;
  }

  #row(invitation: Invitation): TemplateResult {
    const { texts } = this;
    const { name, email, role, expiresAt } = invitation;
    return html`<li>
      <div>
        <strong>${name}</strong>
        <p class="aside">
          ${email ?? ''} · ${texts.roleName[role]} · ${texts.until(shortTimeOf(expiresAt, this.locale))}
        </p>
      </div>
      <button type="button" aria-label=${texts.revokeThis(name)} @click=${() => this.#revoke(invitation)}>
        ${texts.revoke}
      </button>
    </li>`;
  }
}

/** Neither accepted nor revoked nor over. */
function isOpen({ acceptedAt, revokedAt, expiresAt }: Invitation): boolean {
  return acceptedAt === null && revokedAt === null && new Date(expiresAt).getTime() > Date.now();
}

if (customElements.get('hotline-invitations-panel') === undefined)
  customElements.define('hotline-invitations-panel', HotlineInvitationsPanel);

declare global {
  interface HTMLElementTagNameMap {
    'hotline-invitations-panel': HotlineInvitationsPanel;
  }
}
