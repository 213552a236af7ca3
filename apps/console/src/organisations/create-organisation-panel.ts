import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import '../account/link-once.js';
import { operations, type City, type TenantKind } from '../api/operations.js';
import { choiceField, formField, formProblem, sendButton, type FormView } from '../form/form-field.js';
import { FormState } from '../form/form-state.js';
import { AccountElement } from '../page/account-element.js';
import { organisationsTexts } from './texts-in.js';
import { cityName, optionsOf, provincesOf } from './places.js';

const kinds = ['city', 'province', 'operator'] as const satisfies readonly TenantKind[];

/** What was set up last, and whether its first administrator was written to or a link is to be handed over. */
interface Created {
  readonly organisation: string;
  readonly email: string;
  readonly link: string | null;
}

/**
 * @summary Setting up an organisation and inviting its first administrator.
 * @tagname hotline-create-organisation-panel
 */
export class HotlineCreateOrganisationPanel extends AccountElement {
  static override properties: PropertyDeclarations = {
    cities: { attribute: false },
    kind: { state: true },
    province: { state: true },
    created: { state: true },
  };

  declare cities: readonly City[];
  declare protected kind: TenantKind;
  /** Code of the one chosen, or empty. */
  declare protected province: string;
  declare protected created: Created | null;
  readonly #form = new FormState(this, { email_invalid: 'email', name_missing: 'name' });

  constructor() {
    super();
    this.cities = [];
    this.kind = 'city';
    this.province = '';
    this.created = null;
  }

  readonly #create = async (event: Event): Promise<void> => {
    const form = event.currentTarget;
    const { kind } = this;
    const done = await this.#form.send(event, async (values) => {
      const { organisation = '', email = '', name = '', province = '', city = '' } = values;
      const answer = await this.ask(operations.createTenant, {
        input: {
          ...{ kind, tenantName: organisation, email, name },
          cityCode: kind === 'city' ? city : null,
          provinceCode: kind === 'province' ? province : null,
        },
      });
      if (!answer.ok) return answer;
      const { link } = answer.value.invited;
      return { ok: true, value: { organisation: organisation.trim(), email: email.trim(), link } };
    });
    if (done === null) return;
    if (form instanceof HTMLFormElement) form.reset();
    this.kind = 'city';
    this.province = '';
    this.created = done.value;
    this.changed();
    await this.focusOn('.created');
  };

  protected override render(): TemplateResult {
    const { texts, language, created } = this;
    const own = organisationsTexts(language);
    const view: FormView = { state: this.#form, texts, words: (each) => this.words(each) };
    return html`<section class="panel" aria-labelledby="heading">
      <h3 id="heading">${own.create}</h3>
      <form novalidate @submit=${this.#create}>
        ${formProblem(view)}
        <div class="people">
          ${this.#kind(view)} ${this.#place(view)}
          ${formField(view, { name: 'organisation', label: own.name, autocomplete: 'off', hint: own.nameHint })}
        </div>
        <div role="group" aria-labelledby="administrator" aria-describedby="administrator-lead">
          <h4 id="administrator">${own.administrator}</h4>
          <p class="aside" id="administrator-lead">${own.administratorLead}</p>
        </div>
        <div class="people">
          ${formField(view, { name: 'email', label: texts.email, type: 'email', autocomplete: 'off' })}
          ${formField(view, { name: 'name', label: own.administratorName, autocomplete: 'off' })}
        </div>
        <div>${sendButton(view, own.createNow)}</div>
      </form>
      ${created === null ? nothing : this.#created(created)}
    </section>`;
  }

  #kind(view: FormView): TemplateResult {
    const own = organisationsTexts(this.language);
    return choiceField(view, {
      name: 'kind',
      label: own.kind,
      hint: own.kindHint[this.kind],
      options: kinds.map(
        (kind) => html`<option value=${kind} .selected=${kind === this.kind}>${this.texts.kind[kind]}</option>`,
      ),
      choose: (value) => {
        this.kind = kinds.find((kind) => kind === value) ?? 'city';
      },
    });
  }

  #place(view: FormView): TemplateResult | typeof nothing {
    const { kind, cities, language, province } = this;
    const own = organisationsTexts(language);
    if (kind === 'operator') return nothing;
    const provinces = provincesOf(cities, language).map(({ code, name }) => ({ value: code, name }));
    const within = cities
      .filter(({ provinceCode }) => provinceCode === province)
      .map((city) => ({ value: city.code, name: cityName(city, language) }));
    return html`${choiceField(view, {
      name: 'province',
      label: own.province,
      options: optionsOf(provinces, own.choose),
      choose: (code) => (this.province = code),
    })}
    ${
      kind === 'city'
        ? // Of another province it is another choice: nothing stays chosen.
          keyed(
            province,
            choiceField(view, {
              name: 'city',
              label: own.city,
              options: optionsOf(within, province === '' ? own.chooseProvinceFirst : own.choose),
            }),
          )
        : nothing
    }`;
  }

  #created({ organisation, email, link }: Created): TemplateResult {
    const { texts, language } = this;
    return html`<div class="created" tabindex="-1">
      ${
        link === null
          ? html`<p class="notice" role="status">${organisationsTexts(language).created(organisation, email)}</p>`
          : html`<hotline-link-once
              .language=${language}
              .link=${link}
              .lead=${texts.inviteLinkLead(email)}
            ></hotline-link-once>`
      }
    </div>`;
  }
}

if (customElements.get('hotline-create-organisation-panel') === undefined)
  customElements.define('hotline-create-organisation-panel', HotlineCreateOrganisationPanel);

declare global {
  interface HTMLElementTagNameMap {
    'hotline-create-organisation-panel': HotlineCreateOrganisationPanel;
  }
}
