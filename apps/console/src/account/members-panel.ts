import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { AccountElement } from '../page/account-element.js';
import type { Answer, Failure } from '../api/api-client.js';
import './link-once.js';
import { operations, type Member, type Role, type Viewer } from '../api/operations.js';
import { readAll } from '../api/read-all.js';
import { isRole, roleOptions } from './role-choice.js';
import { dayOf } from './time-of.js';

/** What is under way with one member. */
interface Doing {
  readonly id: string;
  readonly what: 'removal' | 'link' | 'failure';
  readonly link?: string;
  readonly failure?: Failure;
}

/**
 * @summary The members of the organisation, for its administrators: roles, removal, links to set a password.
 * @tagname hotline-members-panel
 */
export class HotlineMembersPanel extends AccountElement {
  static override properties: PropertyDeclarations = {
    viewer: { attribute: false },
    members: { state: true },
    chosen: { state: true },
    doing: { state: true },
    failure: { state: true },
    said: { state: true },
  };

  declare viewer: Viewer;
  declare protected members: readonly Member[] | null;
  /** Roles that were chosen and not saved yet, by member. */
  declare protected chosen: ReadonlyMap<string, Role>;
  declare protected doing: Doing | null;
  declare protected failure: Failure | null;
  declare protected said: string;

  constructor() {
    super();
    this.members = null;
    this.chosen = new Map();
    this.doing = null;
    this.failure = null;
    this.said = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#read();
  }

  async #read(): Promise<void> {
    const answer = await readAll((after) => this.ask(operations.members, { after }));
    if (answer.ok) this.members = answer.value;
    this.failure = answer.ok ? null : answer.failure;
  }

  /** What a failure is about is said in the row of the member. */
  async #do<T>(id: string, work: () => Promise<Answer<T>>): Promise<{ readonly value: T } | null> {
    const answer = await work();
    if (answer.ok) return { value: answer.value };
    this.doing = { id, what: 'failure', failure: answer.failure };
    return null;
  }

  async #saveRole({ id, name }: Member, role: Role): Promise<void> {
    const done = await this.#do(id, () => this.ask(operations.changeMemberRole, { id, role }));
    if (done !== null) await this.#finished(this.texts.roleSaved(name, this.texts.roleName[role]));
  }

  async #remove({ id, name }: Member): Promise<void> {
    const done = await this.#do(id, () => this.ask(operations.removeMember, { id }));
    if (done !== null) await this.#finished(this.texts.removed(name));
  }

  async #makeLink({ id }: Member): Promise<void> {
    const done = await this.#do(id, () => this.ask(operations.createPasswordLink, { memberId: id }));
    if (done !== null) this.doing = { id, what: 'link', link: done.value.link };
  }

  async #finished(said: string): Promise<void> {
    this.doing = null;
    this.chosen = new Map();
    await this.#read();
    this.said = said;
    await this.focusOn('h3');
  }

  #choose(id: string, event: Event): void {
    if (!(event.target instanceof HTMLSelectElement) || !isRole(event.target.value)) return;
    this.chosen = new Map([...this.chosen, [id, event.target.value]]);
  }

  protected override render(): TemplateResult {
    const { texts, members, failure } = this;
    return html`<section class="panel" aria-labelledby="heading">
      <div class="head">
        <h3 id="heading" tabindex="-1">${texts.members}</h3>
        <p class="aside">${members === null ? nothing : texts.membersCount(members.length)}</p>
      </div>
      <p class="done" role="status">${this.said}</p>
      ${failure === null ? nothing : html`<p class="problem" role="alert">${this.words(failure)}</p>`}
      ${
        members === null
          ? nothing
          : html`<ul class="list">
              ${repeat(
                members,
                ({ id }) => id,
                (member) => this.#row(member),
              )}
            </ul>`
      }
    </section>`;
  }

  #row(member: Member): TemplateResult {
    const { texts } = this;
    const { id, name, email, role, createdAt } = member;
    const isMe = email === this.viewer.email;
    const chosen = this.chosen.get(id) ?? role;
    return html`<li>
      <div>
        <strong>${name}</strong>${isMe ? html`<span class="mark">${texts.you}</span>` : nothing}
        <p class="aside">${email ?? ''} · ${texts.joinedOn(dayOf(createdAt, this.locale))}</p>
      </div>
      <div class="row">
        <select aria-label=${texts.roleOf(name)} @change=${(event: Event) => this.#choose(id, event)}>
          ${roleOptions(texts, chosen)}
        </select>
        ${
          chosen === role
            ? nothing
            : html`<button class="main" type="button" @click=${() => this.#saveRole(member, chosen)}>
                ${texts.saveRole}
              </button>`
        }
        ${
          isMe
            ? nothing
            : html`<button
                  type="button"
                  aria-label=${texts.passwordLinkFor(name)}
                  @click=${() => this.#makeLink(member)}
                >
                  ${texts.passwordLink}
                </button>
                <button
                  type="button"
                  aria-label=${texts.removeMember(name)}
                  @click=${() => {
                    this.doing = { id, what: 'removal' };
                    void this.focusOn('.sure');
                  }}
                >
                  ${texts.remove}
                </button>`
        }
      </div>
      ${chosen !== role && isMe ? html`<p class="wide aside">${texts.ownRoleWarning}</p>` : nothing}
      ${this.doing?.id === id ? this.#doing(member, this.doing) : nothing}
    </li>`;
  }

  #doing(member: Member, { what, link, failure }: Doing): TemplateResult {
    const { texts, language } = this;
    const { name } = member;
    if (what === 'removal')
      return html`<div class="wide notice">
        <p class="sure" tabindex="-1">${texts.removeSure(name)}</p>
        <div class="row">
          <button class="main" type="button" @click=${() => this.#remove(member)}>${texts.removeConfirmed}</button>
          <button type="button" @click=${() => (this.doing = null)}>${texts.cancel}</button>
        </div>
      </div>`;
    if (link !== undefined)
      return html`<hotline-link-once
        class="wide"
        .language=${language}
        .link=${link}
        .lead=${texts.passwordLinkLead(name)}
      ></hotline-link-once>`;
    return html`<p class="wide problem" role="alert">${failure === undefined ? nothing : this.words(failure)}</p>`;
  }
}

if (customElements.get('hotline-members-panel') === undefined)
  customElements.define('hotline-members-panel', HotlineMembersPanel);

declare global {
  interface HTMLElementTagNameMap {
    'hotline-members-panel': HotlineMembersPanel;
  }
}
