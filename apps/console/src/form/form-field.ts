import { html, nothing, type TemplateResult } from 'lit';
import type { AccountTexts } from '../locale/account-texts.js';
import type { Failure } from '../api/api-client.js';
import type { FormState } from './form-state.js';

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'email' | 'password';
  /** What a browser or a password keeper may fill in. */
  readonly autocomplete: string;
  readonly hint?: string;
  readonly value?: string;
  readonly readonly?: boolean;
}

export interface FormView {
  readonly state: FormState;
  readonly texts: AccountTexts;
  readonly words: (failure: Failure) => string;
}

/** A labelled input with its hint and what is wrong with it. */
export function formField({ state, texts, words }: FormView, field: Field): TemplateResult {
  const { name, label, type = 'text', autocomplete, hint, value = '', readonly = false } = field;
  const problem = state.problem(name);
  const described = [...(hint === undefined ? [] : [`${name}-hint`]), ...(problem === null ? [] : [`${name}-problem`])];
  const shown = state.shown.has(name);
  return html`<div class="field">
    <label for=${name}>${label}</label>
    <div class="entry">
      <input
        id=${name}
        name=${name}
        type=${type === 'password' && shown ? 'text' : type}
        autocomplete=${autocomplete}
        autocapitalize="off"
        spellcheck="false"
        value=${value}
        ?readonly=${readonly}
        required
        aria-invalid=${problem === null ? nothing : 'true'}
        aria-describedby=${described.length === 0 ? nothing : described.join(' ')}
      />
      ${
        type === 'password'
          ? html`<button
              type="button"
              aria-pressed=${shown ? 'true' : 'false'}
              aria-label=${texts.showThis(label)}
              @click=${() => state.toggle(name)}
            >
              ${texts.show}
            </button>`
          : nothing
      }
    </div>
    ${
      problem === null
        ? nothing
        : html`<p class="field-problem" id=${`${name}-problem`}>
            ${problem === 'missing' ? texts.missing(label) : words(problem)}
          </p>`
    }
    ${hint === undefined ? nothing : html`<p class="hint" id=${`${name}-hint`}>${hint}</p>`}
  </div>`;
}

/** What is wrong with the whole; it takes the focus, so that it is read. */
export function formProblem({ state, words }: FormView): TemplateResult | typeof nothing {
  const problem = state.problem('');
  if (problem === null || problem === 'missing') return nothing;
  return html`<p class="problem" role="alert" tabindex="-1">${words(problem)}</p>`;
}

/** The button that sends the form; it says so while it is under way, and keeps the focus. */
export function sendButton({ state, texts }: FormView, label: string): TemplateResult {
  return html`<button class="main" type="submit" aria-disabled=${state.busy ? 'true' : 'false'}>
    ${state.busy ? texts.working : label}
  </button>`;
}
