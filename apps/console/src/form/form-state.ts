import type { ReactiveController } from 'lit';
import type { AccountElement } from '../page/account-element.js';
import type { Answer, Failure } from '../api/api-client.js';

/** What is wrong: something required is missing, or the API's words. */
export type Problem = 'missing' | Failure;

/** What was typed, by name of the field. */
export type Values = Readonly<Record<string, string>>;

/**
 * One form: sends it once at a time, and keeps what is wrong with it at the field that it is about. The focus goes to the
 * first such field, or to the sentence above the form.
 */
export class FormState implements ReactiveController {
  busy = false;
  /** Names of the passwords that are shown as they are typed. */
  readonly shown = new Set<string>();
  #problems: ReadonlyMap<string, Problem> = new Map();

  /** @param places the field that a failure is about, by its code; any other failure is about the whole */
  constructor(
    private readonly host: AccountElement,
    private readonly places: Readonly<Record<string, string>> = {},
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.#problems = new Map();
    this.shown.clear();
  }

  /** Of a field, or of the whole with an empty name. */
  problem(name: string): Problem | null {
    return this.#problems.get(name) ?? null;
  }

  toggle(name: string): void {
    if (!this.shown.delete(name)) this.shown.add(name);
    this.host.requestUpdate();
  }

  clear(): void {
    this.#become(new Map());
  }

  /** Null: it was not done, and the form says why. */
  async send<T>(event: Event, work: (values: Values) => Promise<Answer<T>>): Promise<{ readonly value: T } | null> {
    event.preventDefault();
    const form = event.currentTarget;
    if (this.busy || !(form instanceof HTMLFormElement)) return null;
    const values = valuesOf(form);
    const missing = [...form.querySelectorAll<HTMLInputElement | HTMLSelectElement>('[required]')].filter(
      ({ name }) => (values[name] ?? '').trim() === '',
    );
    if (missing.length > 0) {
      await this.#say(form, new Map(missing.map(({ name }) => [name, 'missing'])));
      return null;
    }
    this.busy = true;
    this.#become(new Map());
    const answer = await work(values);
    this.busy = false;
    this.host.requestUpdate();
    if (answer.ok) return { value: answer.value };
    const { failure } = answer;
    await this.host.updateComplete;
    const place = this.places[failure.code] ?? '';
    const there = form.querySelector(`[name="${place}"]`) !== null;
    await this.#say(form, new Map([[there ? place : '', failure]]));
    return null;
  }

  async #say(form: HTMLFormElement, problems: ReadonlyMap<string, Problem>): Promise<void> {
    this.#become(problems);
    await this.host.updateComplete;
    form.querySelector<HTMLElement>('[aria-invalid=true], .problem')?.focus();
  }

  #become(problems: ReadonlyMap<string, Problem>): void {
    this.#problems = problems;
    this.host.requestUpdate();
  }
}

function valuesOf(form: HTMLFormElement): Values {
  return Object.fromEntries(
    [...new FormData(form)].map(([name, value]) => [name, typeof value === 'string' ? value : '']),
  );
}
