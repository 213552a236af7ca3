import type { TenantKind } from '../api/operations.js';

/** Words of the operator's screen. */
export interface OrganisationsTexts {
  readonly lead: string;
  readonly toAccount: string;
  readonly forOperators: string;

  readonly create: string;
  readonly kind: string;
  readonly kindHint: Readonly<Record<TenantKind, string>>;
  readonly province: string;
  readonly city: string;
  readonly choose: string;
  readonly chooseProvinceFirst: string;
  readonly name: string;
  readonly nameHint: string;
  readonly administrator: string;
  readonly administratorLead: string;
  readonly administratorName: string;
  readonly createNow: string;
  readonly created: (organisation: string, email: string) => string;

  readonly list: string;
  readonly find: string;
  readonly findHint: string;
  readonly shown: (shown: number, all: number) => string;
  readonly madeOn: (day: string) => string;
  readonly noAdministrator: string;
  readonly invite: string;
  readonly inviteTo: (organisation: string) => string;
  readonly inviteLead: (organisation: string) => string;

  readonly belongsTo: (province: string, day: string) => string;
  readonly belongsFrom: (province: string, day: string) => string;
  readonly belongsUntil: (day: string) => string;
  readonly belongsNowhere: string;
  readonly move: string;
  readonly moveThis: (organisation: string) => string;
  readonly moveLead: string;
  readonly newProvince: string;
  readonly noProvince: string;
  readonly noProvinceYet: string;
  readonly fromDay: string;
  readonly fromDayHint: string;
  readonly moveNow: string;
  readonly moved: (organisation: string, province: string | null, day: string | null) => string;
}
