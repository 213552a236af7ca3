import type { MigrationInterface, QueryRunner } from 'typeorm';

const currentTenant = `nullif(current_setting('app.tenant_id', true), '')::uuid`;
const told = `tenant_id uuid, kind text, name text, city_code text, province_code text, is_demo boolean,
  created_at timestamptz`;
const read = 't.tenant_id, t.kind, t.name, t.city_code, t.province_code, t.is_demo, t.created_at';

/** The operator is told of each tenant, too, whether it has an administrator and which province it belongs to. */
export class ListWhereCitiesBelong1767225600860 implements MigrationInterface {
  name = 'ListWhereCitiesBelong1767225600860';

  async up(queryRunner: QueryRunner): Promise<void> {
    await replaceAllTenants(
      queryRunner,
      `${told}, has_administrator boolean, supervisors jsonb`,
      `${read},
        exists (select from public.member m where m.tenant_id = t.tenant_id and m.role = 'administrator'),
        coalesce(
          (select jsonb_agg(
             jsonb_build_object('provinceTenantId', r.tenant_id, 'from', r.from_at, 'until', r.until_at)
             order by r.from_at)
           from public.province_city r
           where r.city_id = t.tenant_id and (r.until_at is null or r.until_at > now())),
          '[]')`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await replaceAllTenants(queryRunner, told, read);
  }
}

/** For the operator alone, whoever asks. */
async function replaceAllTenants(queryRunner: QueryRunner, columns: string, values: string): Promise<void> {
  await queryRunner.query('set local role hotline_gate');
  await queryRunner.query('drop function all_tenants()');
  await queryRunner.query('reset role');
  await queryRunner.query(`
    create function all_tenants() returns table (${columns})
    language sql security definer stable set search_path = '' as $$
      select ${values}
      from public.tenant t
      where exists (select from public.tenant o where o.tenant_id = ${currentTenant} and o.kind = 'operator')
      order by t.created_at, t.tenant_id
    $$`);
  await queryRunner.query('grant create on schema public to hotline_gate');
  await queryRunner.query('revoke all on function all_tenants() from public');
  await queryRunner.query('grant execute on function all_tenants() to hotline_app');
  await queryRunner.query('alter function all_tenants() owner to hotline_gate');
  await queryRunner.query('revoke create on schema public from hotline_gate');
}
