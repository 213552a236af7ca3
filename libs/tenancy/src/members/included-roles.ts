import { roles, type Role } from '@hotline/platform';

/** A role and all it includes: who may approve may also look. */
export function includedRoles(role: Role): readonly Role[] {
  return roles.slice(0, roles.indexOf(role) + 1);
}
