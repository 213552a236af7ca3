import { LitElement, type PropertyDeclarations, type PropertyValues } from 'lit';
import { documentAddress, type DocumentName } from './addresses.js';
import { BadgeSource, type SourceState } from './badge-source.js';
import { languageOf, type Language } from './format.js';
import { tokens } from './tokens.js';

/** Two versions may meet on one page: the first to come keeps the name. */
export function define(name: string, element: CustomElementConstructor): void {
  if (customElements.get(name) === undefined) customElements.define(name, element);
}

/**
 * Base of the elements: attributes, language, theme, and one document, given by the `data` property (then nothing is
 * ever fetched) or read from the service under `key`.
 *
 * @fires hotline-load - a document was read; detail: { document }
 * @fires hotline-error - no newer document could be read; detail: { failure, stale }
 */
export abstract class HotlineElement<T> extends LitElement {
  static override styles = [tokens];
  static override properties: PropertyDeclarations = {
    key: {},
    api: {},
    lang: {},
    theme: { reflect: true },
    data: { attribute: false },
  };

  /** Embed key of the city. */
  declare key: string | null;
  /** Address of the service, https or the page's own origin; default: where the script came from. */
  declare api: string | null;
  /** `zh-CN` (default) or `en`. */
  declare lang: string;
  /** `auto` (default), `light` or `dark`. */
  declare theme: 'auto' | 'light' | 'dark' | null;
  /** The document itself; with it there is no network at all. */
  declare data: T | null;

  readonly #source: BadgeSource<T>;
  readonly #name: DocumentName;
  readonly #read: (document: unknown) => T | null;
  #given: SourceState<T> | null = null;

  protected constructor(name: DocumentName, read: (document: unknown) => T | null) {
    super();
    this.#name = name;
    this.#read = read;
    this.key = null;
    this.api = null;
    this.lang = '';
    this.theme = null;
    this.data = null;
    this.#source = new BadgeSource(this, read, (state) => this.#announce(state));
  }

  protected get language(): Language {
    return languageOf(this.lang);
  }

  protected get shown(): SourceState<T> {
    return this.#given ?? this.#source.state;
  }

  /** Reads the document again now. */
  refresh(): void {
    if (this.#given === null) this.#source.retry();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('key') && !changed.has('api') && !changed.has('data')) return;
    this.#given = this.#givenState();
    const key = this.#given === null ? this.key : null;
    this.#source.request(key ? documentAddress(key, this.api, this.#name, location.href) : null);
  }

  protected emit(name: `hotline-${string}`, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  #givenState(): SourceState<T> | null {
    if (!this.data) return null;
    const document = this.#read(this.data);
    return document === null ? { status: 'failed', failure: 'format' } : { status: 'ready', document };
  }

  #announce(state: SourceState<T>): void {
    if (state.status === 'ready') this.emit('hotline-load', { document: state.document });
    else if (state.status === 'stale' || state.status === 'failed')
      this.emit('hotline-error', { failure: state.failure, stale: state.status === 'stale' });
  }
}
