import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { AccountElement } from '../page/account-element.js';
import type { Answer, Failure } from '../api/api-client.js';
import { clientName } from './client-name.js';
import { operations, type Session } from '../api/operations.js';
import { shortTimeOf } from './time-of.js';

/**
 * @summary Where one is signed in, and ending it elsewhere.
 * @tagname hotline-sessions-panel
 */
export class HotlineSessionsPanel extends AccountElement {
  static override properties: PropertyDeclarations = {
    sessions: { state: true },
    failure: { state: true },
    said: { state: true },
  };

  declare protected sessions: readonly Session[] | null;
  declare protected failure: Failure | null;
  declare protected said: string;

  constructor() {
    super();
    this.sessions = null;
    this.failure = null;
    this.said = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#read();
  }

  async #read(): Promise<void> {
    const answer = await this.ask(operations.sessions, {});
    if (answer.ok) this.sessions = answer.value;
    this.failure = answer.ok ? null : answer.failure;
  }

  async #end(work: () => Promise<Answer<unknown>>): Promise<void> {
    const answer = await work();
    if (!answer.ok) {
      this.failure = answer.failure;
      return;
    }
    await this.#read();
    this.said = this.texts.ended;
    await this.focusOn('h3');
  }

  #nameOf({ client }: Session): string {
    const known = clientName(client);
    return known === null ? this.texts.unknownClient : this.texts.onSystem(known.browser, known.system);
  }

  protected override render(): TemplateResult {
    const { texts, sessions, failure } = this;
    return html`<section class="panel" aria-labelledby="heading">
      <h3 id="heading" tabindex="-1">${texts.sessions}</h3>
      <p class="aside">${texts.sessionsLead}</p>
      <p class="done" role="status">${this.said}</p>
      ${failure === null ? nothing : html`<p class="problem" role="alert">${this.words(failure)}</p>`}
      ${
        sessions === null
          ? nothing
          : html`<ul class="list">
                ${sessions.map((session) => this.#row(session))}
              </ul>
              ${
                sessions.length < 2
                  ? html`<p class="aside">${texts.noOthers}</p>`
                  : html`<button
                      type="button"
                      @click=${() => this.#end(() => this.ask(operations.endOtherSessions, {}))}
                    >
                      ${texts.endOthers}
                    </button>`
              }`
      }
    </section>`;
  }

  #row(session: Session): TemplateResult {
    const { texts, locale } = this;
    const { id, tenantName, client, createdAt, usedAt, current } = session;
    const name = this.#nameOf(session);
    return html`<li>
      <div>
        <span title=${client}>${name}</span>${current ? html`<span class="mark">${texts.thisSession}</span>` : nothing}
        <p class="aside">${tenantName} · ${texts.since(shortTimeOf(createdAt, locale), shortTimeOf(usedAt, locale))}</p>
      </div>
      ${
        current
          ? nothing
          : html`<button
              type="button"
              aria-label=${texts.endThis(name)}
              @click=${() => this.#end(() => this.ask(operations.endSession, { id }))}
            >
              ${texts.end}
            </button>`
      }
    </li>`;
  }
}

if (customElements.get('hotline-sessions-panel') === undefined)
  customElements.define('hotline-sessions-panel', HotlineSessionsPanel);

declare global {
  interface HTMLElementTagNameMap {
    'hotline-sessions-panel': HotlineSessionsPanel;
  }
}
