import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { Failure } from '../api/api-client.js';
import { operations, type City, type Tenant } from '../api/operations.js';
import { readAll } from '../api/read-all.js';
import { AccountElement } from '../page/account-element.js';
import { organisationsTexts } from './texts-in.js';
import './create-organisation-panel.js';
import './organisations-panel.js';

/**
 * @summary What the operator does: set up organisations, invite their first administrators, say where cities belong.
 * @tagname hotline-organisations-page
 */
export class HotlineOrganisationsPage extends AccountElement {
  static override properties: PropertyDeclarations = {
    tenants: { state: true },
    cities: { state: true },
    failure: { state: true },
  };

  declare protected tenants: readonly Tenant[] | null;
  declare protected cities: readonly City[];
  declare protected failure: Failure | null;

  constructor() {
    super();
    this.tenants = null;
    this.cities = [];
    this.failure = null;
    this.addEventListener('hotline-change', () => void this.#read());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#read();
  }

  async #read(): Promise<void> {
    const tenants = await readAll((after) => this.askQuietly(operations.tenants, { after }));
    if (!tenants.ok) {
      if (tenants.failure.code === 'unauthenticated')
        this.leave('sign-in', this.tenants === null ? null : 'session-ended');
      this.failure = tenants.failure;
      return;
    }
    if (this.cities.length === 0) {
      const cities = await this.ask(operations.cities, {});
      if (!cities.ok) {
        this.failure = cities.failure;
        return;
      }
      this.cities = cities.value;
    }
    this.tenants = tenants.value;
    this.failure = null;
  }

  protected override render(): TemplateResult {
    const { texts, failure, tenants, cities, language } = this;
    const own = organisationsTexts(language);
    return html`<div class="stack">
      <div class="head">
        <h2 tabindex="-1">${texts.title.organisations}</h2>
        <a class="button" href="#account">${own.toAccount}</a>
      </div>
      <p class="lead">${own.lead}</p>
      ${failure === null || failure.code === 'unauthenticated' ? nothing : this.#failed(failure)}
      ${
        tenants === null
          ? html`<p role="status">${failure === null ? texts.loading : ''}</p>`
          : html`<hotline-create-organisation-panel
                .language=${language}
                .cities=${cities}
              ></hotline-create-organisation-panel>
              <hotline-organisations-panel
                .language=${language}
                .cities=${cities}
                .tenants=${tenants}
              ></hotline-organisations-panel>`
      }
    </div>`;
  }

  #failed(failure: Failure): TemplateResult {
    if (failure.code === 'forbidden')
      return html`<p class="problem" role="alert">${organisationsTexts(this.language).forOperators}</p>`;
    return html`<div class="problem" role="alert">
      <p>${this.words(failure)}</p>
      <button type="button" @click=${() => this.#read()}>${this.texts.retry}</button>
    </div>`;
  }
}

if (customElements.get('hotline-organisations-page') === undefined)
  customElements.define('hotline-organisations-page', HotlineOrganisationsPage);

declare global {
  interface HTMLElementTagNameMap {
    'hotline-organisations-page': HotlineOrganisationsPage;
  }
}
