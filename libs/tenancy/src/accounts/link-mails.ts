import { readFileSync } from 'node:fs';
import type { Mail, Role } from '@hotline/platform';

interface Texts {
  readonly invitation: { readonly subject: string; readonly text: string };
  readonly password_reset: { readonly subject: string; readonly text: string };
  readonly roles: Readonly<Record<Role, { readonly zh: string; readonly en: string }>>;
}

let loaded: Texts | undefined;

function texts(): Texts {
  loaded ??= JSON.parse(readFileSync(new URL('../../data/mails.json', import.meta.url), 'utf8')) as Texts;
  return loaded;
}

/** The mail that invites somebody, in both languages. */
export function invitationMail(
  to: string,
  about: { readonly tenant: string; readonly inviter: string; readonly role: Role; readonly hours: number },
  link: string,
): Mail {
  const { invitation, roles } = texts();
  const { zh: roleZh, en: roleEn } = roles[about.role];
  return filled(to, invitation, { ...about, hours: String(about.hours), roleZh, roleEn, link });
}

export function passwordResetMail(to: string, link: string): Mail {
  return filled(to, texts().password_reset, { link });
}

function filled(
  to: string,
  wording: { subject: string; text: string },
  values: Readonly<Record<string, string>>,
): Mail {
  const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  // Names are other people's input: a subject is one line.
  return { to, subject: fill(wording.subject).replace(/\s+/g, ' '), text: fill(wording.text) };
}
