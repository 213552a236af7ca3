import type { MigrationInterface, QueryRunner } from 'typeorm';

const ofTenant = `(tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`;

/** How long a tenant keeps the rows of a dataset, and what was removed for it. */
export class Retention1767225600850 implements MigrationInterface {
  name = 'Retention1767225600850';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table retention_rule (
        tenant_id uuid not null references tenant (tenant_id),
        dataset text not null,
        -- null: for ever.
        months integer check (months between 1 and 600),
        applies_from timestamptz not null,
        -- Rows of months before this one are gone, and none are taken any more; what was counted from them stays.
        closed_before text check (closed_before ~ '^\\d{4}-\\d{2}$'),
        removed_rows bigint not null default 0,
        applied_at timestamptz,
        primary key (tenant_id, dataset)
      )`);
    await queryRunner.query(`alter table retention_rule enable row level security`);
    await queryRunner.query(`alter table retention_rule force row level security`);
    await queryRunner.query(
      `create policy retention_rule_of_tenant on retention_rule to hotline_app using ${ofTenant} with check ${ofTenant}`,
    );
    await queryRunner.query(`grant select, insert, update on retention_rule to hotline_app`);
    // As every table of tenants: see DataRights.
    await queryRunner.query(`grant select, delete on retention_rule to hotline_gate`);
    await queryRunner.query(
      `create policy retention_rule_for_gate on retention_rule to hotline_gate using ${ofTenant}`,
    );
    const audited = 'dataset,months,applies_from,closed_before,removed_rows';
    await auditTable(queryRunner, 'retention_rule', audited);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop table retention_rule`);
  }
}

/** Has the database tell of every change of a table; of a row these columns are kept. See the migration Audit. */
async function auditTable(queryRunner: QueryRunner, table: string, columns: string): Promise<void> {
  const asGate = async (statement: string): Promise<void> => {
    await queryRunner.query('set local role hotline_gate');
    await queryRunner.query(statement);
    await queryRunner.query('reset role');
  };
  // Whoever makes a trigger must be allowed to call its function; nobody is, but for this moment.
  await asGate('grant execute on function audit_change() to session_user');
  await queryRunner.query(`
    create constraint trigger audited after insert or update or delete on ${table}
    deferrable initially deferred for each row execute function audit_change('${columns}')`);
  await asGate('revoke execute on function audit_change() from session_user');
}
