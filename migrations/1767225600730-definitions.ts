import type { MigrationInterface, QueryRunner } from 'typeorm';

const ofTenant = `(tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`;

/** Which definition the figures of an import follow, and what a centre said of all its files of a dataset. */
export class Definitions1767225600730 implements MigrationInterface {
  name = 'Definitions1767225600730';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`alter table "import" add column definition jsonb`);
    await queryRunner.query(`
      create table stated_definition (
        tenant_id uuid not null references tenant (tenant_id),
        dataset text not null,
        choices jsonb not null,
        stated_at timestamptz not null,
        stated_by text not null,
        primary key (tenant_id, dataset)
      )`);
    await queryRunner.query(`alter table stated_definition enable row level security`);
    await queryRunner.query(`alter table stated_definition force row level security`);
    await queryRunner.query(`
      create policy stated_definition_of_tenant on stated_definition to hotline_app
        using ${ofTenant} with check ${ofTenant}`);
    await queryRunner.query(`grant select, insert, update on stated_definition to hotline_app`);
    // Whoever makes a trigger must be allowed to call its function; nobody is, but for this moment.
    const asGate = async (statement: string): Promise<void> => {
      await queryRunner.query(`set local role hotline_gate`);
      await queryRunner.query(statement);
      await queryRunner.query(`reset role`);
    };
    await asGate(`grant execute on function audit_change() to session_user`);
    await queryRunner.query(`
      create constraint trigger audited after insert or update or delete on stated_definition
      deferrable initially deferred for each row execute function audit_change('dataset,choices,stated_by')`);
    await asGate(`revoke execute on function audit_change() from session_user`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop table stated_definition`);
    await queryRunner.query(`alter table "import" drop column definition`);
  }
}
