import { html, type PropertyDeclarations, type TemplateResult } from 'lit';
import { AccountElement } from '../page/account-element.js';

/**
 * @summary A link that lets its holder in, to be handed over: shown once, with a button to copy it.
 * @tagname hotline-link-once
 */
export class HotlineLinkOnce extends AccountElement {
  static override properties: PropertyDeclarations = {
    link: { attribute: false },
    lead: { attribute: false },
    said: { state: true },
  };

  declare link: string;
  /** For whom, and how long it is good. */
  declare lead: string;
  declare protected said: string;

  constructor() {
    super();
    this.said = '';
  }

  async #copy(): Promise<void> {
    const input = this.renderRoot.querySelector('input');
    input?.select();
    try {
      await navigator.clipboard.writeText(this.link);
      this.said = this.texts.copied;
    } catch {
      // Without https, or where it is forbidden: by hand.
      this.said = this.texts.copyYourself;
    }
  }

  protected override render(): TemplateResult {
    const { texts } = this;
    return html`<div class="notice">
      <p id="lead" tabindex="-1">${this.lead}</p>
      <div class="entry">
        <input aria-label=${texts.link} aria-describedby="lead" .value=${this.link} readonly autocomplete="off" />
        <button type="button" @click=${() => this.#copy()}>${texts.copy}</button>
      </div>
      <p class="done hint" role="status">${this.said}</p>
    </div>`;
  }
}

if (customElements.get('hotline-link-once') === undefined) customElements.define('hotline-link-once', HotlineLinkOnce);

declare global {
  interface HTMLElementTagNameMap {
    'hotline-link-once': HotlineLinkOnce;
  }
}
