import { html, type TemplateResult } from 'lit';
import { AccountElement } from '../page/account-element.js';
import { formField, formProblem, sendButton, type FormView } from '../form/form-field.js';
import { FormState } from '../form/form-state.js';
import { operations } from '../api/operations.js';

/**
 * @summary Changing one's password, which ends every session.
 * @tagname hotline-password-panel
 */
export class HotlinePasswordPanel extends AccountElement {
  readonly #form = new FormState(this, { sign_in_failed: 'current', password_rejected: 'wanted' });

  readonly #change = async (event: Event): Promise<void> => {
    const done = await this.#form.send(event, ({ current = '', wanted = '' }) =>
      this.ask(operations.changePassword, { input: { current, wanted } }),
    );
    if (done !== null) this.leave('sign-in', 'password-changed');
  };

  protected override render(): TemplateResult {
    const { texts } = this;
    const view: FormView = { state: this.#form, texts, words: (failure) => this.words(failure) };
    return html`<section class="panel" aria-labelledby="heading">
      <h3 id="heading">${texts.changePassword}</h3>
      <p class="aside">${texts.changePasswordLead}</p>
      <form novalidate @submit=${this.#change}>
        ${formProblem(view)}
        ${formField(view, {
          name: 'current',
          label: texts.currentPassword,
          type: 'password',
          autocomplete: 'current-password',
        })}
        ${formField(view, {
          name: 'wanted',
          label: texts.newPassword,
          type: 'password',
          autocomplete: 'new-password',
          hint: texts.passwordRule,
        })}
        <div>${sendButton(view, texts.changePassword)}</div>
      </form>
    </section>`;
  }
}

if (customElements.get('hotline-password-panel') === undefined)
  customElements.define('hotline-password-panel', HotlinePasswordPanel);

declare global {
  interface HTMLElementTagNameMap {
    'hotline-password-panel': HotlinePasswordPanel;
  }
}
