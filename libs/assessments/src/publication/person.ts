import type { RequestContext } from '@hotline/platform';
import { MemberEntity } from '@hotline/tenancy';
import type { EntityManager } from 'typeorm';
import { AssessmentError } from '../assessment-error.js';

/** Who submits, approves, withdraws or reviews: a member with a name. */
export interface Person {
  readonly accountId: string;
  readonly name: string;
}

/** @throws AssessmentError person_needed: it is a key or the installation itself that asks */
export async function personOf(
  manager: EntityManager,
  { tenantId, memberId, accountId }: RequestContext,
): Promise<Person> {
  const member = memberId === null ? null : await manager.findOneBy(MemberEntity, { tenantId, id: memberId });
  if (!member || accountId === null) throw new AssessmentError('person_needed');
  return { accountId, name: member.name };
}
