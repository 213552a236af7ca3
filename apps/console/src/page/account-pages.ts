import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { Notice } from '../locale/account-texts.js';
import { goTo, type PageAddress } from './page-address.js';
import { AccountElement, type Leave } from './account-element.js';
import '../account/account-page.js';
import '../organisations/organisations-page.js';
import '../sign-in/forgotten-password-page.js';
import '../sign-in/invitation-page.js';
import '../sign-in/password-page.js';
import '../sign-in/sign-in-page.js';

/**
 * @summary The screens for signing in, for one's account and for the operator: the one the address names, and what
 * another left to say.
 * @tagname hotline-account-pages
 */
export class HotlineAccountPages extends AccountElement {
  static override properties: PropertyDeclarations = {
    address: { attribute: false },
    token: { attribute: false },
    notice: { state: true },
  };

  declare address: PageAddress;
  /** Of the link that was followed. */
  declare token: string | null;
  declare protected notice: Notice | null;
  /** The screen on which the notice is to be read. */
  #noticeOn: PageAddress['screen'] = null;

  constructor() {
    super();
    this.token = null;
    this.notice = null;
    this.addEventListener('hotline-leave', (event) => this.#leave((event as CustomEvent<Leave>).detail));
  }

  #leave({ screen, notice }: Leave): void {
    this.notice = notice;
    this.#noticeOn = screen;
    goTo(screen);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.language = this.address.language;
    if (changed.has('address') && this.address.screen !== this.#noticeOn) this.notice = null;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { screen } = this.address;
    if (!changed.has('address') || screen === null) return;
    document.title = this.texts.titleOfPage(this.texts.title[screen]);
    if (changed.get('address')?.screen !== screen) void this.#focusScreen();
  }

  /** A new screen is read from its heading. */
  async #focusScreen(): Promise<void> {
    const screen = this.renderRoot.querySelector<AccountElement>('main > :last-child');
    await screen?.updateComplete;
    screen?.renderRoot.querySelector<HTMLElement>('h2')?.focus();
  }

  protected override render(): TemplateResult {
    return html`<main>
      <p class="notice done" role="status">${this.notice === null ? nothing : this.texts.notice[this.notice]}</p>
      ${this.#screen()}
    </main>`;
  }

  #screen(): TemplateResult | typeof nothing {
    const { language, token } = this;
    const { screen, refusal } = this.address;
    switch (screen) {
      case 'sign-in':
        return html`<hotline-sign-in-page .language=${language} .refusal=${refusal}></hotline-sign-in-page>`;
      case 'forgotten-password':
        return html`<hotline-forgotten-password-page .language=${language}></hotline-forgotten-password-page>`;
      case 'invitation':
        return html`<hotline-invitation-page .language=${language} .token=${token}></hotline-invitation-page>`;
      case 'password':
        return html`<hotline-password-page .language=${language} .token=${token}></hotline-password-page>`;
      case 'account':
        return html`<hotline-account-page .language=${language}></hotline-account-page>`;
      case 'organisations':
        return html`<hotline-organisations-page .language=${language}></hotline-organisations-page>`;
      case null:
        return nothing;
    }
  }
}

if (customElements.get('hotline-account-pages') === undefined)
  customElements.define('hotline-account-pages', HotlineAccountPages);

declare global {
  interface HTMLElementTagNameMap {
    'hotline-account-pages': HotlineAccountPages;
  }
}
