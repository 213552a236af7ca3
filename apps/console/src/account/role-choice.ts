import { html, type TemplateResult } from 'lit';
import type { AccountTexts } from '../locale/account-texts.js';
import { roles, type Role } from '../api/operations.js';

/** The roles from least to most, one of them chosen. */
export function roleOptions(texts: AccountTexts, chosen: Role): TemplateResult[] {
  return roles.map((role) => html`<option value=${role} ?selected=${role === chosen}>${texts.roleName[role]}</option>`);
}

export function isRole(text: string): text is Role {
  return roles.some((role) => role === text);
}
