import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { dayOf } from '../account/time-of.js';
import type { City, Supervisor, Tenant } from '../api/operations.js';
import { AccountElement } from '../page/account-element.js';
import { organisationsTexts } from './texts-in.js';
import './invite-administrator-form.js';
import './move-city-form.js';
import { placeOf } from './places.js';

/** What is under way with one organisation. */
interface Doing {
  readonly id: string;
  readonly what: 'move' | 'invitation';
}

const kindsInOrder = ['operator', 'province', 'city'];

/**
 * @summary Every organisation: where it belongs and whether somebody manages it, and what can be done about both.
 * @tagname hotline-organisations-panel
 */
export class HotlineOrganisationsPanel extends AccountElement {
  static override properties: PropertyDeclarations = {
    tenants: { attribute: false },
    cities: { attribute: false },
    wanted: { state: true },
    doing: { state: true },
    said: { state: true },
  };

  declare tenants: readonly Tenant[];
  declare cities: readonly City[];
  /** What is looked for, or empty. */
  declare protected wanted: string;
  declare protected doing: Doing | null;
  declare protected said: string;

  constructor() {
    super();
    this.tenants = [];
    this.cities = [];
    this.wanted = '';
    this.doing = null;
    this.said = '';
    this.addEventListener('hotline-said', (event) => void this.#finished((event as CustomEvent<string | null>).detail));
  }

  async #finished(said: string | null): Promise<void> {
    const id = this.doing?.id;
    this.doing = null;
    this.said = said ?? '';
    // Given up: back to the button that opened it. Done: what was done is read first.
    await this.focusOn(said === null && id !== undefined ? `[data-opens='${id}']` : 'h3');
  }

  #found(): Tenant[] {
    const wanted = this.wanted.trim().toLowerCase();
    return this.tenants
      .filter(({ name, ...rest }) =>
        [name, ...(['zh-CN', 'en'] as const).map((language) => placeOf({ name, ...rest }, this.cities, language))].some(
          (text) => text.toLowerCase().includes(wanted),
        ),
      )
      .sort((a, b) => orderOf(a).localeCompare(orderOf(b)));
  }

  protected override render(): TemplateResult {
    const { tenants } = this;
    const own = organisationsTexts(this.language);
    const found = this.#found();
    return html`<section class="panel" aria-labelledby="heading">
      <div class="head">
        <h3 id="heading" tabindex="-1">${own.list}</h3>
        <p class="aside" role="status">${own.shown(found.length, tenants.length)}</p>
      </div>
      <p class="done" role="status">${this.said}</p>
      <div class="field">
        <label for="find">${own.find}</label>
        <div class="entry">
          <input
            id="find"
            type="search"
            autocomplete="off"
            aria-describedby="find-hint"
            @input=${({ target }: Event) => {
              if (target instanceof HTMLInputElement) this.wanted = target.value;
            }}
          />
        </div>
        <p class="hint" id="find-hint">${own.findHint}</p>
      </div>
      <ul class="list">
        ${repeat(
          found,
          ({ id }) => id,
          (tenant) => this.#row(tenant),
        )}
      </ul>
    </section>`;
  }

  #row(tenant: Tenant): TemplateResult {
    const { texts, language, cities, doing } = this;
    const own = organisationsTexts(language);
    const { id, name, kind, demo, createdAt, hasAdministrator } = tenant;
    const place = placeOf(tenant, cities, language);
    return html`<li>
      <div>
        <strong>${name}</strong><span class="mark">${texts.kind[kind]}</span>${
          demo ? html`<span class="mark demo-mark">${texts.demo}</span>` : nothing
        }
        <p class="aside">
          ${place === '' ? nothing : html`${place} · `}${own.madeOn(dayOf(createdAt, this.locale))}${
            hasAdministrator ? nothing : html` · <strong>${own.noAdministrator}</strong>`
          }
        </p>
        ${kind === 'city' ? html`<p class="aside">${this.#belongs(tenant)}</p>` : nothing}
      </div>
      <div class="row">
        ${hasAdministrator ? nothing : this.#opens({ id, what: 'invitation' }, own.invite, own.inviteTo(name))}
        ${kind === 'city' ? this.#opens({ id, what: 'move' }, own.move, own.moveThis(name)) : nothing}
      </div>
      ${doing?.id === id ? this.#doing(tenant, doing) : nothing}
    </li>`;
  }

  #opens(doing: Doing, words: string, label: string): TemplateResult {
    const open = this.doing?.id === doing.id && this.doing.what === doing.what;
    return html`<button
      type="button"
      aria-label=${label}
      aria-expanded=${open ? 'true' : 'false'}
      data-opens=${doing.id}
      @click=${() => {
        this.said = '';
        this.doing = open ? null : doing;
      }}
    >
      ${words}
    </button>`;
  }

  #belongs({ supervisors }: Tenant): string {
    const own = organisationsTexts(this.language);
    if (supervisors.length === 0) return own.belongsNowhere;
    const now = Date.now();
    const begun = ({ from }: Supervisor): boolean => new Date(from).getTime() <= now;
    return [
      ...(supervisors.some(begun) ? [] : [own.belongsNowhere]),
      ...supervisors.flatMap((supervisor, index) => {
        const { provinceTenantId, from, until } = supervisor;
        const province = this.tenants.find(({ id }) => id === provinceTenantId)?.name ?? '?';
        const since = (begun(supervisor) ? own.belongsTo : own.belongsFrom)(province, dayOf(from, this.locale));
        // Where another follows at once, its beginning says it.
        const ends = until !== null && supervisors[index + 1]?.from !== until;
        return ends ? [since, own.belongsUntil(dayOf(until, this.locale))] : [since];
      }),
    ].join(this.language === 'en' ? '; ' : '；');
  }

  #doing(tenant: Tenant, { what }: Doing): TemplateResult {
    const { language } = this;
    return what === 'invitation'
      ? html`<hotline-invite-administrator-form
          class="wide"
          .language=${language}
          .tenant=${tenant}
        ></hotline-invite-administrator-form>`
      : html`<hotline-move-city-form
          class="wide"
          .language=${language}
          .tenant=${tenant}
          .provinces=${this.tenants.filter(({ kind }) => kind === 'province')}
        ></hotline-move-city-form>`;
  }
}

/** The operator, then the provinces, then the cities, each by its place and name. */
function orderOf({ kind, provinceCode, cityCode, name }: Tenant): string {
  return `${kindsInOrder.indexOf(kind)} ${cityCode ?? provinceCode ?? ''} ${name}`;
}

if (customElements.get('hotline-organisations-panel') === undefined)
  customElements.define('hotline-organisations-panel', HotlineOrganisationsPanel);

declare global {
  interface HTMLElementTagNameMap {
    'hotline-organisations-panel': HotlineOrganisationsPanel;
  }
}
