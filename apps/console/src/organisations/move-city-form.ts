import { html, type PropertyDeclarations, type TemplateResult } from 'lit';
import { dayOf } from '../account/time-of.js';
import { operations, type Tenant } from '../api/operations.js';
import { choiceField, formField, formProblem, sendButton, type FormView } from '../form/form-field.js';
import { FormState } from '../form/form-state.js';
import { AccountElement } from '../page/account-element.js';
import { organisationsTexts } from './texts-in.js';

/** The choice that stands for no province: an empty one would mean that nothing was chosen. */
const none = 'none';

/**
 * @summary Says which provincial office a city belongs to, and from when on.
 * @tagname hotline-move-city-form
 *
 * @fires hotline-said - it was done, and what is to be said of it; or null: it was given up
 */
export class HotlineMoveCityForm extends AccountElement {
  static override properties: PropertyDeclarations = {
    tenant: { attribute: false },
    provinces: { attribute: false },
  };

  declare tenant: Tenant;
  declare provinces: readonly Tenant[];
  readonly #form = new FormState(this);

  protected override firstUpdated(): void {
    void this.focusOn('#lead');
  }

  readonly #move = async (event: Event): Promise<void> => {
    const { tenant, provinces } = this;
    const done = await this.#form.send(event, async ({ province = '', from = '' }) => {
      const later = from > today() ? `${from}T00:00:00+08:00` : null;
      const provinceTenantId = province === none ? null : province;
      const answer = await this.ask(operations.assignCity, {
        input: { cityTenantId: tenant.id, provinceTenantId, from: later },
      });
      return answer.ok ? { ok: true, value: { provinceTenantId, later } } : answer;
    });
    if (done === null) return;
    const { provinceTenantId, later } = done.value;
    const name = provinces.find(({ id }) => id === provinceTenantId)?.name ?? null;
    const day = later === null ? null : dayOf(later, this.locale);
    this.changed();
    this.#say(organisationsTexts(this.language).moved(tenant.name, name, day));
  };

  #say(detail: string | null): void {
    this.dispatchEvent(new CustomEvent<string | null>('hotline-said', { detail, bubbles: true, composed: true }));
  }

  protected override render(): TemplateResult {
    const { texts, provinces, tenant } = this;
    const own = organisationsTexts(this.language);
    const view: FormView = { state: this.#form, texts, words: (each) => this.words(each) };
    const current = tenant.supervisors.find(({ from }) => new Date(from).getTime() <= Date.now())?.provinceTenantId;
    return html`<form class="notice" novalidate aria-label=${own.moveThis(tenant.name)} @submit=${this.#move}>
      <p id="lead" tabindex="-1">${own.moveLead}</p>
      ${formProblem(view)}
      <div class="people">
        ${choiceField(view, {
          name: 'province',
          label: own.newProvince,
          ...(provinces.length === 0 ? { hint: own.noProvinceYet } : {}),
          options: [
            ...provinces.map(({ id, name }) => html`<option value=${id} ?selected=${id === current}>${name}</option>`),
            html`<option value=${none} ?selected=${current === undefined}>${own.noProvince}</option>`,
          ],
        })}
        ${formField(view, {
          ...{ name: 'from', label: own.fromDay, type: 'date', autocomplete: 'off', hint: own.fromDayHint },
          ...{ optional: true, min: today() },
        })}
      </div>
      <div class="row">
        ${sendButton(view, own.moveNow)}
        <button type="button" @click=${() => this.#say(null)}>${texts.cancel}</button>
      </div>
    </form>`;
  }
}

/** By the clock of the cities, as the field writes days: 2026-11-28. */
function today(): string {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: 'Asia/Shanghai' }).format(new Date());
}

if (customElements.get('hotline-move-city-form') === undefined)
  customElements.define('hotline-move-city-form', HotlineMoveCityForm);

declare global {
  interface HTMLElementTagNameMap {
    'hotline-move-city-form': HotlineMoveCityForm;
  }
}
