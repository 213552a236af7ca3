import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { AccountElement } from '../page/account-element.js';
import type { Failure } from '../api/api-client.js';
import { formField, formProblem, sendButton, type FormView } from '../form/form-field.js';
import { FormState } from '../form/form-state.js';
import { operations, type Viewer } from '../api/operations.js';
import { qrCode } from './qr-code.js';

type Step =
  | { readonly at: 'rest' }
  | { readonly at: 'set-up'; readonly secret: string; readonly address: string }
  | { readonly at: 'codes'; readonly recoveryCodes: readonly string[] }
  | { readonly at: 'removal' };

/**
 * @summary The second factor: setting it up, showing it in this session, turning it off. Secret and recovery codes are
 * shown once and kept nowhere.
 * @tagname hotline-second-factor-panel
 */
export class HotlineSecondFactorPanel extends AccountElement {
  static override properties: PropertyDeclarations = {
    viewer: { attribute: false },
    step: { state: true },
    failure: { state: true },
    said: { state: true },
  };

  declare viewer: Viewer;
  declare protected step: Step;
  declare protected failure: Failure | null;
  declare protected said: string;
  readonly #form = new FormState(this, { code_wrong: 'code', code_needed: 'code' });

  constructor() {
    super();
    this.#goTo({ at: 'rest' });
    this.said = '';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#goTo({ at: 'rest' });
  }

  #goTo(step: Step): void {
    this.step = step;
    this.failure = null;
  }

  async #begin(): Promise<void> {
    const answer = await this.ask(operations.beginSecondFactor, {});
    if (!answer.ok) {
      this.failure = answer.failure;
      return;
    }
    this.#goTo({ at: 'set-up', ...answer.value });
    this.#form.clear();
    this.said = '';
    await this.focusOn('h3');
  }

  readonly #confirm = async (event: Event): Promise<void> => {
    const done = await this.#form.send(event, ({ code = '' }) =>
      this.ask(operations.confirmSecondFactor, { input: { code } }),
    );
    if (done === null) return;
    this.#goTo({ at: 'codes', ...done.value });
    this.changed();
    await this.focusOn('h3');
  };

  readonly #prove = async (event: Event): Promise<void> => {
    const done = await this.#form.send(event, ({ code = '' }) =>
      this.ask(operations.proveSecondFactor, { input: { code } }),
    );
    if (done !== null) await this.#rest(this.texts.factorShown);
  };

  readonly #remove = async (event: Event): Promise<void> => {
    const done = await this.#form.send(event, ({ code = '' }) =>
      this.ask(operations.removeSecondFactor, { input: { code } }),
    );
    if (done !== null) await this.#rest(this.texts.factorRemoved);
  };

  async #rest(said = ''): Promise<void> {
    this.#goTo({ at: 'rest' });
    this.#form.clear();
    this.said = said;
    if (said !== '') this.changed();
    await this.focusOn('h3');
  }

  get #view(): FormView {
    return { state: this.#form, texts: this.texts, words: (failure) => this.words(failure) };
  }

  protected override render(): TemplateResult {
    const { texts, step, failure } = this;
    return html`<section class="panel" aria-labelledby="heading">
      <h3 id="heading" tabindex="-1">${step.at === 'codes' ? texts.recoveryTitle : texts.secondFactor}</h3>
      <p class="done" role="status">${this.said}</p>
      ${failure === null ? nothing : html`<p class="problem" role="alert">${this.words(failure)}</p>`}
      ${this.#content(step)}
    </section>`;
  }

  #content(step: Step): TemplateResult {
    switch (step.at) {
      case 'rest':
        return this.viewer.secondFactor.enabled ? this.#on() : this.#off();
      case 'set-up':
        return this.#setUp(step.secret, step.address);
      case 'codes':
        return this.#codes(step.recoveryCodes);
      case 'removal':
        return this.#removal();
    }
  }

  #off(): TemplateResult {
    const { texts } = this;
    return html`<p>${texts.factorOff}</p>
      <button type="button" @click=${() => this.#begin()}>${texts.setUp}</button>`;
  }

  #on(): TemplateResult {
    const { texts } = this;
    const { recoveryCodes, shown } = this.viewer.secondFactor;
    return html`<p>${texts.factorOn(recoveryCodes)}</p>
      ${
        shown
          ? nothing
          : html`<p>${texts.factorNotShown}</p>
              ${this.#codeForm(this.#prove, texts.showFactor)}`
      }
      <button
        type="button"
        @click=${() => {
          this.#form.clear();
          this.#goTo({ at: 'removal' });
          this.said = '';
          void this.focusOn('#code');
        }}
      >
        ${texts.removeFactor}
      </button>`;
  }

  #setUp(secret: string, address: string): TemplateResult {
    const { texts } = this;
    const view = this.#view;
    return html`<ol class="steps">
      <li>
        <p>${texts.setUpSteps[0]}</p>
        ${qrCode(address, texts.qrCode)}
        <dl>
          <dt>${texts.secret}</dt>
          <dd class="secret">${grouped(secret)}</dd>
        </dl>
        ${address.startsWith('otpauth:') ? html`<p><a href=${address}>${texts.openAuthenticator}</a></p>` : nothing}
      </li>
      <li>
        <p>${texts.setUpSteps[1]}</p>
        <form novalidate @submit=${this.#confirm}>
          ${formProblem(view)}
          ${formField(view, { name: 'code', label: texts.sixDigits, autocomplete: 'one-time-code' })}
          <div class="row">
            ${sendButton(view, texts.confirm)}
            <button type="button" @click=${() => this.#rest()}>${texts.cancel}</button>
          </div>
        </form>
      </li>
    </ol>`;
  }

  #codes(recoveryCodes: readonly string[]): TemplateResult {
    const { texts } = this;
    return html`<p>${texts.factorIsOn} ${texts.recoveryLead}</p>
      <ul class="codes">
        ${recoveryCodes.map((code) => html`<li>${code}</li>`)}
      </ul>
      <button class="main" type="button" @click=${() => this.#rest(texts.factorIsOn)}>${texts.recoveryKept}</button>`;
  }

  #removal(): TemplateResult {
    const { texts } = this;
    return html`<p>${texts.removeFactorLead}</p>
      ${this.#codeForm(
        this.#remove,
        texts.removeFactor,
        html`<button type="button" @click=${() => this.#rest()}>${texts.cancel}</button>`,
      )}`;
  }

  #codeForm(
    send: (event: Event) => Promise<void>,
    label: string,
    beside: TemplateResult | typeof nothing = nothing,
  ): TemplateResult {
    const view = this.#view;
    return html`<form novalidate @submit=${send}>
      ${formProblem(view)}
      ${formField(view, {
        name: 'code',
        label: this.texts.code,
        autocomplete: 'one-time-code',
        hint: this.texts.codeHint,
      })}
      <div class="row">${sendButton(view, label)} ${beside}</div>
    </form>`;
  }
}

/** In fours, as people read it out. */
function grouped(secret: string): string {
  return secret.replace(/(.{4})(?=.)/g, '$1 ');
}

if (customElements.get('hotline-second-factor-panel') === undefined)
  customElements.define('hotline-second-factor-panel', HotlineSecondFactorPanel);

declare global {
  interface HTMLElementTagNameMap {
    'hotline-second-factor-panel': HotlineSecondFactorPanel;
  }
}
