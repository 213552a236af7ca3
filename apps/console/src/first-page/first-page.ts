import { html, LitElement, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { DemoCities, DemoCity } from '../../../../widgets/src/index.js';
import { en } from '../locale/en.js';
import type { PageTexts } from '../locale/texts.js';
import { zhCN } from '../locale/zh-CN.js';
import { cityList } from './city-list.js';
import { byIndex, matching, regionsOf, tiersOf, type CityFilter } from './city-order.js';
import { DemoCitiesSource, type ListFailure } from './demo-cities-source.js';
import { firstPageStyles } from './first-page.styles.js';
import { inLanguage, readPageAddress, type PageAddress } from './page-address.js';

/**
 * @summary The public first page: the demo cities on one scale, and the whole evidence of the chosen one.
 * @tagname hotline-first-page
 */
export class HotlineFirstPage extends LitElement {
  static override styles = firstPageStyles;
  static override properties: PropertyDeclarations = { address: { state: true }, filter: { state: true } };

  declare protected address: PageAddress;
  declare protected filter: CityFilter;
  readonly #cities = new DemoCitiesSource(this);

  constructor() {
    super();
    this.address = readPageAddress(location.href);
    this.filter = { tier: '', region: '' };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('popstate', this.#onAddress);
    window.addEventListener('hashchange', this.#onChoice);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('popstate', this.#onAddress);
    window.removeEventListener('hashchange', this.#onChoice);
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('address')) return;
    document.documentElement.lang = this.#texts.language;
    document.title = this.#texts.title;
  }

  get #texts(): PageTexts {
    return this.address.language === 'en' ? en : zhCN;
  }

  readonly #onAddress = (): void => {
    this.address = readPageAddress(location.href);
  };

  /** A city was chosen: the reader goes on at its heading, which on a narrow screen is far below the list. */
  readonly #onChoice = (): void => {
    this.#onAddress();
    void this.updateComplete.then(() => this.#focusDetail());
  };

  #focusDetail(): void {
    this.renderRoot.querySelector<HTMLElement>('#detail h2')?.focus();
  }

  #changeLanguage(event: MouseEvent, address: string): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    history.pushState(null, '', address);
    this.#onAddress();
  }

  protected override render(): TemplateResult {
    const texts = this.#texts;
    return html`
      <header class="masthead">${this.#masthead(texts)}</header>
      <main>
        <p class="lead">${texts.lead}</p>
        ${this.#content(texts)}
      </main>
      <footer><p>${texts.statement}</p></footer>
    `;
  }

  #masthead(texts: PageTexts): TemplateResult {
    const other = texts.language === 'en' ? 'zh-CN' : 'en';
    const elsewhere = inLanguage(location.href, other);
    return html`<div>
        <h1>
          <span lang="zh-CN">${zhCN.product}</span>
          <span class="second" lang="en">${en.product}</span>
        </h1>
      </div>
      <nav aria-label=${texts.languages}>
        <a
          href=${elsewhere}
          lang=${other}
          hreflang=${other}
          @click=${(event: MouseEvent) => this.#changeLanguage(event, elsewhere)}
          >${texts.otherLanguage}</a
        >
      </nav>`;
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
