import { html, LitElement, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { DemoCities, DemoCity } from '../../../../widgets/src/index.js';
import { en } from '../locale/en.js';
import type { PageTexts } from '../locale/texts.js';
import { zhCN } from '../locale/zh-CN.js';
import { cityList } from './city-list.js';
import { byIndex, matching, regionsOf, tiersOf, type CityFilter } from './city-order.js';
import { DemoCitiesSource, type ListFailure } from './demo-cities-source.js';
import { firstPageStyles } from './first-page.styles.js';
import type { PageAddress } from '../page/page-address.js';

/**
 * @summary The public first page: the demo cities on one scale, and the whole evidence of the chosen one.
 * @tagname hotline-first-page
 */
export class HotlineFirstPage extends LitElement {
  static override styles = firstPageStyles;
  static override properties: PropertyDeclarations = { address: { attribute: false }, filter: { state: true } };

  /** What the address of the page names. */
  declare address: PageAddress;
  declare protected filter: CityFilter;
  readonly #cities = new DemoCitiesSource(this);

  constructor() {
    super();
    this.filter = { tier: '', region: '' };
  }

  /** A city was chosen: the reader goes on at its heading, which on a narrow screen is far below the list. */
  protected override updated(changed: PropertyValues<this>): void {
    const before = changed.get('address');
    if (before === undefined || before.city === this.address.city) return;
    this.renderRoot.querySelector<HTMLElement>('#detail h2')?.focus();
  }

  get #texts(): PageTexts {
    return this.address.language === 'en' ? en : zhCN;
  }

  protected override render(): TemplateResult {
    const texts = this.#texts;
    return html`
      <main>
        <p class="lead">${texts.lead}</p>
        ${this.#content(texts)}
      </main>
      <footer><p>${texts.statement}</p></footer>
    `;
  }

  #content(texts: PageTexts): TemplateResult {
    const { state } = this.#cities;
    switch (state.status) {
      case 'loading':
        return html`<section class="panel state" aria-busy="true">
          <p role="status">${texts.loading}</p>
          <progress aria-label=${texts.loading}></progress>
        </section>`;
      case 'none':
        return this.#empty(texts);
      case 'failed':
        return html`<section class="panel state" role="alert">
          <h2>${texts.failed}</h2>
          <p>${texts.failure[state.failure]}</p>
          <button type="button" @click=${() => this.#cities.read()}>${texts.retry}</button>
        </section>`;
      case 'ready':
        return this.#demo(texts, state.document, state.failure);
    }
  }

  #empty(texts: PageTexts): TemplateResult {
    return html`<section class="panel state">
      <h2>${texts.emptyTitle}</h2>
      <p>${texts.emptyLead}</p>
      <ol>
        ${texts.emptySteps.map(({ does, call }) => html`<li>${does}<code>${call}</code></li>`)}
      </ol>
    </section>`;
  }

  #demo(texts: PageTexts, { cities, seeding }: DemoCities, failure: ListFailure | null): TemplateResult {
    const ordered = byIndex(cities);
    const chosen = ordered.find(({ code }) => code === this.address.city) ?? ordered[0];
    const underWay = seeding !== null && seeding.done < seeding.total;
    return html`
      <p class="demo-notice"><strong>${texts.demo}</strong> <span>${texts.demoNotice}</span></p>
      ${
        failure === null
          ? nothing
          : html`<p class="panel stale" role="status">
              <span>${texts.keptOld} ${texts.failure[failure]}</span>
              <button type="button" @click=${() => this.#cities.read()}>${texts.retry}</button>
            </p>`
      }
      ${
        underWay
          ? html`<div class="panel seeding" role="status">
              <p>${texts.seeding(seeding.done, seeding.total)}</p>
              <progress
                aria-label=${texts.seeding(seeding.done, seeding.total)}
                value=${seeding.done}
                max=${seeding.total}
              ></progress>
              ${cities.length === 0 ? html`<p>${texts.seedingFirst}</p>` : nothing}
            </div>`
          : nothing
      }
      ${
        chosen === undefined
          ? underWay
            ? nothing
            : html`<section class="panel state"><p>${texts.noCities}</p></section>`
          : html`<div class="columns">${this.#list(texts, ordered, chosen)} ${this.#detail(texts, chosen)}</div>`
      }
    `;
  }

  #list(texts: PageTexts, cities: readonly DemoCity[], chosen: DemoCity): TemplateResult {
    const shown = matching(cities, this.filter);
    return html`<section class="panel list" aria-labelledby="cities-heading">
      <div class="list-head">
        <h2 id="cities-heading">${texts.cities}</h2>
        <p>
          <span role="status">${texts.count(shown.length, cities.length)}</span>
          <span class="demo-mark">${texts.demo}</span>
        </p>
      </div>
      <div class="filters">
        ${this.#select(texts, texts.tier, 'tier', tiersOf(cities), texts.tierName)}
        ${this.#select(texts, texts.region, 'region', regionsOf(cities), texts.regionName)}
      </div>
      ${
        shown.length === 0
          ? html`<p class="none">
              ${texts.noneMatch}
              <button type="button" @click=${() => (this.filter = { tier: '', region: '' })}>
                ${texts.clearFilter}
              </button>
            </p>`
          : cityList(shown, chosen, texts)
      }
    </section>`;
  }

  #select(
    texts: PageTexts,
    label: string,
    field: keyof CityFilter,
    choices: readonly string[],
    nameOf: (zh: string) => string,
  ): TemplateResult {
    return html`<label
      >${label}
      <select
        .value=${this.filter[field]}
        @change=${(event: Event) => {
          if (event.target instanceof HTMLSelectElement) this.filter = { ...this.filter, [field]: event.target.value };
        }}
      >
        <option value="" ?selected=${this.filter[field] === ''}>${texts.all}</option>
        ${choices.map(
          (choice) =>
            html`<option value=${choice} ?selected=${this.filter[field] === choice}>${nameOf(choice)}</option>`,
        )}
      </select>
    </label>`;
  }

  #detail(texts: PageTexts, city: DemoCity): TemplateResult {
    const english = texts.language === 'en';
    const unknown = this.address.city !== null && this.address.city !== city.code ? this.address.city : null;
    const province = texts.provinceName(city.province_zh);
    const name = english ? city.en : city.zh;
    const places = [texts.tierName(city.tier_zh), texts.regionName(city.region_zh)];
    return html`<section class="panel detail" id="detail" aria-label=${texts.detail}>
      ${unknown === null ? nothing : html`<p class="stale" role="status">${texts.unknownCity(unknown)}</p>`}
      <div class="list-head">
        <h2 tabindex="-1">${name}</h2>
        <p>${[...(province === name ? [] : [province]), ...places].join(' · ')}</p>
      </div>
      <hotline-grade-badge .key=${city.key} api="/" lang=${texts.language}></hotline-grade-badge>
      <h3>${texts.indicators}</h3>
      <p class="aside">${texts.indicatorsLead}</p>
      <hotline-indicator-tree .key=${city.key} api="/" lang=${texts.language}></hotline-indicator-tree>
    </section>`;
  }
}

if (customElements.get('hotline-first-page') === undefined)
  customElements.define('hotline-first-page', HotlineFirstPage);

declare global {
  interface HTMLElementTagNameMap {
    'hotline-first-page': HotlineFirstPage;
  }
}
