import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { AccountElement } from '../page/account-element.js';
import type { Failure } from '../api/api-client.js';
import './invitations-panel.js';
import './members-panel.js';
import { operations, type Membership, type Viewer } from '../api/operations.js';
import './password-panel.js';
import './second-factor-panel.js';
import './sessions-panel.js';

/**
 * @summary One's account: who one is and for whom one acts, its safety, and for administrators the people of the organisation.
 * @tagname hotline-account-page
 */
export class HotlineAccountPage extends AccountElement {
  static override properties: PropertyDeclarations = {
    viewer: { state: true },
    failure: { state: true },
    said: { state: true },
  };

  declare protected viewer: Viewer | null;
  declare protected failure: Failure | null;
  /** What was done last, for everybody to notice. */
  declare protected said: string;

  constructor() {
    super();
    this.viewer = null;
    this.failure = null;
    this.said = '';
    this.addEventListener('hotline-change', () => void this.#read());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#read();
  }

  async #read(): Promise<void> {
    const answer = await this.askQuietly(operations.viewer, {});
    if (answer.ok) this.viewer = answer.value;
    else if (answer.failure.code === 'unauthenticated')
      this.leave('sign-in', this.viewer === null ? null : 'session-ended');
    this.failure = answer.ok ? null : answer.failure;
  }

  async #signOut(): Promise<void> {
    const answer = await this.ask(operations.signOut, {});
    if (answer.ok) this.leave('sign-in', 'signed-out');
    else this.failure = answer.failure;
  }

  async #switchTo({ tenantId, tenantName }: Membership): Promise<void> {
    const answer = await this.ask(operations.switchTenant, { tenantId });
    if (!answer.ok) {
      this.failure = answer.failure;
      return;
    }
    await this.#read();
    this.said = this.texts.switched(tenantName);
    await this.focusOn('h2');
  }

  protected override render(): TemplateResult {
    const { texts, viewer, failure } = this;
    return html`<div class="stack">
      <div class="head">
        <h2 tabindex="-1">${texts.title.account}</h2>
        ${
          viewer === null
            ? nothing
            : html`<div class="row">
                ${isOperator(viewer) ? html`<a class="button" href="#organisations">${texts.manageOrganisations}</a>` : nothing}
                <button type="button" @click=${() => this.#signOut()}>${texts.signOut}</button>
              </div>`
        }
      </div>
      <p class="notice done" role="status">${this.said}</p>
      ${
        failure === null || failure.code === 'unauthenticated'
          ? nothing
          : html`<div class="problem" role="alert">
              <p>${this.words(failure)}</p>
              <button type="button" @click=${() => this.#read()}>${texts.retry}</button>
            </div>`
      }
      ${viewer === null ? html`<p role="status">${failure === null ? texts.loading : ''}</p>` : this.#content(viewer)}
    </div>`;
  }

  #content(viewer: Viewer): TemplateResult {
    const { language } = this;
    const current = viewer.memberships.find(({ tenantId }) => tenantId === viewer.tenantId);
    return html`<div class="columns">
        <div class="stack">
          ${this.#identity(viewer, current)} ${this.#organisations(viewer)}
          <hotline-sessions-panel .language=${language}></hotline-sessions-panel>
        </div>
        <div class="stack">
          <hotline-second-factor-panel .language=${language} .viewer=${viewer}></hotline-second-factor-panel>
          <hotline-password-panel .language=${language}></hotline-password-panel>
        </div>
      </div>
      ${
        current?.role === 'administrator'
          ? keyed(
              `${viewer.tenantId} ${viewer.secondFactor.shown}`,
              html`<hotline-members-panel .language=${language} .viewer=${viewer}></hotline-members-panel>
                <hotline-invitations-panel .language=${language}></hotline-invitations-panel>`,
            )
          : nothing
      }`;
  }

  #identity({ email }: Viewer, current: Membership | undefined): TemplateResult {
    const { texts } = this;
    return html`<section class="panel" aria-labelledby="who">
      <h3 id="who">${texts.who}</h3>
      <dl>
        <dt>${texts.email}</dt>
        <dd>${email}</dd>
        ${
          current === undefined
            ? nothing
            : html`<dt>${texts.organisation}</dt>
                <dd>${this.#organisation(current)}</dd>
                <dt>${texts.role}</dt>
                <dd><strong>${texts.roleName[current.role]}</strong>${texts.colon}${this.#may(current)}</dd>`
        }
      </dl>
    </section>`;
  }

  #may({ tenantKind, role }: Membership): string {
    const { texts } = this;
    return tenantKind === 'operator' && role === 'administrator' ? texts.roleOperator : texts.roleMay[role];
  }

  #organisation({ tenantName, tenantKind, demo }: Membership): TemplateResult {
    const { texts } = this;
    return html`${tenantName}<span class="mark">${texts.kind[tenantKind]}</span>${
        demo ? html`<span class="mark demo-mark">${texts.demo}</span>` : nothing
      }`;
  }

  #organisations({ memberships, tenantId }: Viewer): TemplateResult | typeof nothing {
    const { texts } = this;
    if (memberships.length < 2) return nothing;
    return html`<section class="panel" aria-labelledby="organisations">
      <h3 id="organisations">${texts.organisations}</h3>
      <p class="aside">${texts.organisationsLead}</p>
      <ul class="list">
        ${memberships.map(
          (each) =>
            html`<li>
              <div>
                ${this.#organisation(each)}
                <p class="aside">${texts.roleName[each.role]}</p>
              </div>
              ${
                each.tenantId === tenantId
                  ? html`<span class="mark">${texts.current}</span>`
                  : html`<button
                      type="button"
                      aria-label=${texts.actFor(each.tenantName)}
                      @click=${() => this.#switchTo(each)}
                    >
                      ${texts.switchTo}
                    </button>`
              }
            </li>`,
        )}
      </ul>
    </section>`;
  }
}

/** Who may make organisations. */
function isOperator({ memberships, tenantId }: Viewer): boolean {
  const current = memberships.find((each) => each.tenantId === tenantId);
  return current?.tenantKind === 'operator' && current.role === 'administrator';
}

if (customElements.get('hotline-account-page') === undefined)
  customElements.define('hotline-account-page', HotlineAccountPage);

declare global {
  interface HTMLElementTagNameMap {
    'hotline-account-page': HotlineAccountPage;
  }
}
