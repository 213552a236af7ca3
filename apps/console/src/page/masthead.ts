import { html, type TemplateResult } from 'lit';
import { en } from '../locale/en.js';
import type { PageTexts } from '../locale/texts.js';
import { zhCN } from '../locale/zh-CN.js';
import { inLanguage, type PageAddress } from './page-address.js';

/** Name of the service, the way to one's account, and the other language. `follow` goes to an address in place. */
export function masthead(texts: PageTexts, { screen }: PageAddress, follow: (address: string) => void): TemplateResult {
  const other = texts.language === 'en' ? 'zh-CN' : 'en';
  const elsewhere = inLanguage(location.href, other);
  const inPlace = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    follow(elsewhere);
  };
  return html`<h1>
      <span lang="zh-CN">${zhCN.product}</span>
      <span class="second" lang="en">${en.product}</span>
    </h1>
    <nav aria-label=${texts.navigation}>
      ${
        screen === null
          ? html`<a href="#account">${texts.signInOrAccount}</a>`
          : html`<a href=${location.pathname + location.search}>${texts.firstPage}</a>`
      }
      <a href=${elsewhere} lang=${other} hreflang=${other} @click=${inPlace}>${texts.otherLanguage}</a>
    </nav>`;
}
