import type { OrganisationsTexts } from './organisations-texts.js';

export const organisationsEn: OrganisationsTexts = {
  lead: 'Set up organisations, invite their first administrators, and say which city belongs to which provincial office. The operator sees no data of any organisation.',
  toAccount: 'Back to the account',
  forOperators:
    'This page is for administrators of the operator of the service. The organisation you act for, or your role, cannot use it.',

  create: 'Set up an organisation',
  kind: 'Kind',
  kindHint: {
    city: 'A hotline centre that uploads data and runs assessments.',
    province: 'Sees what its cities submit and may return it; sees no rows and changes no figure.',
    operator: 'May set up organisations as you do. For one more colleague, invite a member on the account page.',
  },
  province: 'Province',
  city: 'City',
  choose: 'Choose',
  chooseProvinceFirst: 'Choose a province first',
  name: 'Name of the organisation',
  nameHint: 'As its members and its province see it.',
  administrator: 'First administrator',
  administratorLead: 'Invites the other members of the organisation. The link works once, within 72 hours.',
  administratorName: 'Name of the administrator',
  createNow: 'Set up and invite',
  created: (organisation, email) => `“${organisation}” is set up. The invitation was sent to ${email}.`,

  list: 'Organisations',
  find: 'Find',
  findHint: 'By the name of organisation, city or province.',
  shown: (shown, all) => (shown === all ? `${all} in all` : `${shown} of ${all}`),
  madeOn: (day) => `set up ${day}`,
  noAdministrator: 'No administrator yet',
  invite: 'Invite an administrator',
  inviteTo: (organisation) => `Invite an administrator of ${organisation}`,
  inviteLead: (organisation) =>
    `Invites the first administrator of “${organisation}”. Earlier links that nobody used are void once somebody has accepted.`,

  belongsTo: (province, day) => `belongs to ${province} since ${day}`,
  belongsFrom: (province, day) => `belongs to ${province} from ${day}`,
  belongsUntil: (day) => `until ${day}`,
  belongsNowhere: 'belongs to no provincial office',
  move: 'Move',
  moveThis: (organisation) => `Move ${organisation} to another provincial office`,
  moveLead:
    'From then on the new office sees everything this city submitted, and the former one no longer does. Changes that were planned for later are replaced.',
  newProvince: 'Belongs to',
  noProvince: 'No provincial office',
  noProvinceYet: 'There is no provincial office yet: set one up first.',
  fromDay: 'From',
  fromDayHint: 'From midnight of that day, Beijing time. Left empty: at once.',
  moveNow: 'Move',
  moved: (organisation, province, day) => {
    const from = day === null ? 'now belongs' : `from ${day} belongs`;
    return `${organisation} ${from} to ${province ?? 'no provincial office'}.`;
  },
};
