import { html, type TemplateResult } from 'lit';
import type { AccountTexts } from '../locale/account-texts.js';

/** The way to the sign-in provider and back: a page of its own, so a link. */
export function providerButton(texts: AccountTexts): TemplateResult {
  return html`<p class="entry"><a class="button main" href="/auth/start">${texts.withProvider}</a></p>`;
}
