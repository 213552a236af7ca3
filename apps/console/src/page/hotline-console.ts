import { html, LitElement, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import '../first-page/first-page.js';
import { en } from '../locale/en.js';
import type { PageTexts } from '../locale/texts.js';
import { zhCN } from '../locale/zh-CN.js';
import { masthead } from './masthead.js';
import { readPageAddress, readSecretLink, type PageAddress } from './page-address.js';
import { pageStyles } from './page.styles.js';

/**
 * @summary The whole page: what its address names, in its language. The screens for signing in and for one's account are
 * loaded when somebody needs them.
 * @tagname hotline-console
 */
export class HotlineConsole extends LitElement {
  static override styles = pageStyles;
  static override properties: PropertyDeclarations = { address: { state: true }, failedToLoad: { state: true } };

  declare protected address: PageAddress;
  declare protected failedToLoad: boolean;
  /** Of the link that was followed; here and nowhere else, for as long as its screen is shown. */
  #token: string | null = null;

  constructor() {
    super();
    this.failedToLoad = false;
    this.#readAddress();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('popstate', this.#readAddress);
    window.addEventListener('hashchange', this.#readAddress);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('popstate', this.#readAddress);
    window.removeEventListener('hashchange', this.#readAddress);
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('address')) return;
    document.documentElement.lang = this.#texts.language;
    if (this.address.screen === null) document.title = this.#texts.title;
  }

  get #texts(): PageTexts {
    return this.address.language === 'en' ? en : zhCN;
  }

  /** A token leaves the address before anything else happens: what stays there is kept in histories. */
  readonly #readAddress = (): void => {
    const link = readSecretLink(location.href);
    if (link) history.replaceState(null, '', link.withoutToken);
    const address = readPageAddress(location.href);
    const forLink = address.screen === 'invitation' || address.screen === 'password';
    this.#token = link?.token ?? (forLink ? this.#token : null);
    this.address = address;
    if (address.screen !== null) this.#load();
  };

  #load(): void {
    import('./account-pages.js').then(
      () => (this.failedToLoad = false),
      () => (this.failedToLoad = true),
    );
  }

  readonly #follow = (address: string): void => {
    history.pushState(null, '', address);
    this.#readAddress();
  };

  protected override render(): TemplateResult {
    const { address } = this;
    return html`<header class="masthead">${masthead(this.#texts, address, this.#follow)}</header>
      ${address.screen === null ? html`<hotline-first-page .address=${address}></hotline-first-page>` : this.#account()}`;
  }

  #account(): TemplateResult {
    const texts = this.#texts;
    if (this.failedToLoad)
      return html`<main>
        <section class="panel state" role="alert">
          <p>${texts.failure.unreachable}</p>
          <button type="button" @click=${() => location.reload()}>${texts.reload}</button>
        </section>
      </main>`;
    return html`<hotline-account-pages .address=${this.address} .token=${this.#token}></hotline-account-pages>`;
  }
}

if (customElements.get('hotline-console') === undefined) customElements.define('hotline-console', HotlineConsole);

declare global {
  interface HTMLElementTagNameMap {
    'hotline-console': HotlineConsole;
  }
}
