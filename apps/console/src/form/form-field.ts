import { html, nothing, type TemplateResult } from 'lit';
import type { AccountTexts } from '../locale/account-texts.js';
import type { Failure } from '../api/api-client.js';
import type { FormState, Problem } from './form-state.js';

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'email' | 'password' | 'date';
  /** What a browser or a password keeper may fill in. */
  readonly autocomplete: string;
  readonly hint?: string;
  readonly value?: string;
  readonly readonly?: boolean;
  /** Whether it may be left empty. */
  readonly optional?: boolean;
  /** Of a date: the earliest. */
  readonly min?: string;
}

export interface Choice {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** `option` elements; one with an empty value stands for nothing chosen. */
  readonly options: readonly TemplateResult[];
  readonly choose?: (value: string) => void;
}

export interface FormView {
  readonly state: FormState;
  readonly texts: AccountTexts;
  readonly words: (failure: Failure) => string;
}

/** A labelled input with its hint and what is wrong with it. */
export function formField({ state, texts, words }: FormView, field: Field): TemplateResult {
  const { name, label, type = 'text', autocomplete, hint, value = '', readonly = false, optional = false, min } = field;
  const problem = state.problem(name);
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
        min=${min ?? nothing}
        ?readonly=${readonly}
        ?required=${!optional}
        aria-invalid=${problem === null ? nothing : 'true'}
        aria-describedby=${describedBy(name, hint, problem)}
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
    ${remarks({ state, texts, words }, field)}
  </div>`;
}

/** A labelled choice with its hint and what is wrong with it. */
export function choiceField(view: FormView, { name, label, hint, options, choose }: Choice): TemplateResult {
  const problem = view.state.problem(name);
  return html`<div class="field">
    <label for=${name}>${label}</label>
    <div class="entry">
      <select
        id=${name}
        name=${name}
        required
        aria-invalid=${problem === null ? nothing : 'true'}
        aria-describedby=${describedBy(name, hint, problem)}
        @change=${({ target }: Event) => {
          if (target instanceof HTMLSelectElement) choose?.(target.value);
        }}
      >
        ${options}
      </select>
    </div>
    ${remarks(view, { name, label, ...(hint === undefined ? {} : { hint }) })}
  </div>`;
}

function describedBy(name: string, hint: string | undefined, problem: Problem | null): string | typeof nothing {
  const ids = [...(hint === undefined ? [] : [`${name}-hint`]), ...(problem === null ? [] : [`${name}-problem`])];
  return ids.length === 0 ? nothing : ids.join(' ');
}

/** What is wrong with a field, then what it is for. */
function remarks(
  { state, texts, words }: FormView,
  { name, label, hint }: Pick<Field, 'name' | 'label' | 'hint'>,
): TemplateResult {
  const problem = state.problem(name);
  return html`${
    problem === null
      ? nothing
      : html`<p class="field-problem" id=${`${name}-problem`}>
          ${problem === 'missing' ? texts.missing(label) : words(problem)}
        </p>`
  }
  ${hint === undefined ? nothing : html`<p class="hint" id=${`${name}-hint`}>${hint}</p>`}`;
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
