import { LitElement, type PropertyDeclarations } from 'lit';
import type { Language } from '../../../../widgets/src/index.js';
import { accountEn } from '../locale/account-en.js';
import type { AccountTexts, Notice } from '../locale/account-texts.js';
import { accountZhCN } from '../locale/account-zh-CN.js';
import type { AccountScreen } from './page-address.js';
import { accountStyles } from './account.styles.js';
import { ask, type Answer, type Failure, type Operation } from '../api/api-client.js';

/** Where to go on, and what to say there. */
export interface Leave {
  readonly screen: AccountScreen;
  readonly notice: Notice | null;
}

/** Base of the screens and their parts: language, words, and the API. */
export abstract class AccountElement extends LitElement {
  static override styles = accountStyles;
  static override properties: PropertyDeclarations = { language: { attribute: false } };

  declare language: Language;

  protected get texts(): AccountTexts {
    return this.language === 'en' ? accountEn : accountZhCN;
  }

  protected get locale(): Language {
    return this.texts.language;
  }

  /** Asks the API; a session that has ended meanwhile leads to signing in again. */
  async ask<Variables, Value>(operation: Operation<Variables, Value>, variables: Variables): Promise<Answer<Value>> {
    const answer = await ask(operation, variables);
    if (!answer.ok && (answer.failure.code === 'unauthenticated' || answer.failure.code === 'session_ended'))
      this.leave('sign-in', 'session-ended');
    return answer;
  }

  /** The same where it is no news that nobody is signed in. */
  protected askQuietly = ask;

  words(failure: Failure): string {
    const { code, message, messageEn } = failure;
    const own = this.texts.failure[code];
    if (own !== undefined) return own;
    return this.language === 'en' ? messageEn : message;
  }

  protected leave(screen: AccountScreen, notice: Notice | null = null): void {
    const detail: Leave = { screen, notice };
    this.dispatchEvent(new CustomEvent<Leave>('hotline-leave', { detail, bubbles: true, composed: true }));
  }

  /** Something changed that other parts of the page show too. */
  protected changed(): void {
    this.dispatchEvent(new CustomEvent('hotline-change', { bubbles: true, composed: true }));
  }

  /** The reader goes on there, once it is drawn. */
  protected async focusOn(selector: string): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(selector)?.focus();
  }
}
