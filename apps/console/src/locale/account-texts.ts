import type { Language } from '../../../../widgets/src/index.js';
import type { AccountScreen } from '../page/page-address.js';

/** What is said on a screen because of what was done on another. */
export type Notice = 'session-ended' | 'signed-out' | 'password-set' | 'password-changed' | 'joined';

type RoleName = 'viewer' | 'analyst' | 'manager' | 'approver' | 'administrator';
type Kind = 'city' | 'province' | 'operator';

/** Words of the screens for signing in and for one's account. What the API refuses it words itself. */
export interface AccountTexts {
  readonly language: Language;
  readonly title: Readonly<Record<AccountScreen, string>>;
  readonly titleOfPage: (title: string) => string;
  readonly notice: Readonly<Record<Notice, string>>;
  readonly failure: Readonly<Record<string, string>>;
  readonly loading: string;
  readonly working: string;
  readonly retry: string;
  readonly cancel: string;
  readonly colon: string;

  readonly missing: (label: string) => string;
  readonly show: string;
  readonly showThis: (label: string) => string;
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly newPassword: string;
  readonly currentPassword: string;
  readonly passwordRule: string;
  readonly code: string;
  readonly codeHint: string;

  readonly signIn: string;
  readonly signInLead: string;
  readonly forgotten: string;
  readonly withPassword: string;
  readonly withProvider: string;
  readonly providerRefused: Readonly<Record<string, string>>;
  readonly elsewhere: string;
  readonly codeLead: string;
  readonly goOn: string;
  readonly startAgain: string;

  readonly forgottenLead: string;
  readonly noMail: string;
  readonly askForLink: string;
  readonly linkAsked: (email: string) => string;
  readonly backToSignIn: string;

  readonly invitationLead: (organisation: string) => string;
  readonly firstAdministratorLead: string;
  readonly organisation: string;
  readonly role: string;
  readonly validUntil: string;
  readonly accountFor: string;
  readonly hasAccount: string;
  readonly newAccount: string;
  readonly yourName: string;
  readonly acceptNew: string;
  readonly accept: string;
  readonly signedInAsInvited: (email: string) => string;
  readonly signedInAsOther: (email: string) => string;
  readonly providerHint: string;
  readonly linkInvalidTitle: string;
  readonly linkInvalidFirst: string;
  readonly linkGone: string;

  readonly passwordLead: string;
  readonly setPassword: string;
  readonly askForAnother: string;

  readonly who: string;
  readonly kind: Readonly<Record<Kind, string>>;
  readonly demo: string;
  readonly roleName: Readonly<Record<RoleName, string>>;
  readonly roleMay: Readonly<Record<RoleName, string>>;
  readonly roleOperator: string;
  readonly manageOrganisations: string;
  readonly signOut: string;
  readonly organisations: string;
  readonly organisationsLead: string;
  readonly current: string;
  readonly actFor: (organisation: string) => string;
  readonly switchTo: string;
  readonly switched: (organisation: string) => string;

  readonly sessions: string;
  readonly sessionsLead: string;
  readonly thisSession: string;
  readonly since: (start: string, used: string) => string;
  readonly end: string;
  readonly endThis: (client: string) => string;
  readonly endOthers: string;
  readonly noOthers: string;
  readonly ended: string;
  readonly onSystem: (browser: string, system: string) => string;
  readonly unknownClient: string;

  readonly changePassword: string;
  readonly changePasswordLead: string;

  readonly secondFactor: string;
  readonly factorOff: string;
  readonly factorOn: (recoveryCodes: number) => string;
  readonly factorNotShown: string;
  readonly setUp: string;
  readonly setUpSteps: readonly [string, string];
  readonly qrCode: string;
  readonly secret: string;
  readonly openAuthenticator: string;
  readonly sixDigits: string;
  readonly confirm: string;
  readonly recoveryTitle: string;
  readonly recoveryLead: string;
  readonly recoveryKept: string;
  readonly factorIsOn: string;
  readonly showFactor: string;
  readonly factorShown: string;
  readonly remove: string;
  readonly removeFactorLead: string;
  readonly removeFactor: string;
  readonly factorRemoved: string;

  readonly members: string;
  readonly membersCount: (count: number) => string;
  readonly you: string;
  readonly joinedOn: (day: string) => string;
  readonly roleOf: (name: string) => string;
  readonly saveRole: string;
  readonly roleSaved: (name: string, role: string) => string;
  readonly ownRoleWarning: string;
  readonly removeMember: (name: string) => string;
  readonly removeConfirmed: string;
  readonly removeSure: (name: string) => string;
  readonly removed: (name: string) => string;
  readonly passwordLink: string;
  readonly passwordLinkFor: (name: string) => string;
  readonly passwordLinkLead: (name: string) => string;

  readonly invite: string;
  readonly inviteLead: string;
  readonly send: string;
  readonly invited: (email: string) => string;
  readonly inviteLinkLead: (email: string) => string;
  readonly openInvitations: string;
  readonly noInvitations: string;
  readonly until: (time: string) => string;
  readonly revoke: string;
  readonly revokeThis: (name: string) => string;
  readonly revoked: (name: string) => string;
  readonly link: string;
  readonly copy: string;
  readonly copied: string;
  readonly copyYourself: string;
}
