import type { MigrationInterface, QueryRunner } from 'typeorm';

const ofTenant = `(tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`;

/** What is told of a change: as the table of old had it, the trigger of the audit keeps these columns. */
const audited = {
  file_layout: 'id,dataset,file_name,mapping,updated_by',
  file_mapping: 'dataset,mapping,updated_by',
} as const;

/** Several layouts of a dataset are remembered, each for files with its own headers, instead of one mapping. */
export class RememberLayouts1767225600740 implements MigrationInterface {
  name = 'RememberLayouts1767225600740';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table file_layout (
        tenant_id uuid not null references tenant (tenant_id),
        id uuid not null,
        dataset text not null,
        file_name text,
        headers jsonb,
        headers_hash text,
        mapping jsonb not null,
        updated_at timestamptz not null,
        updated_by text not null,
        used_at timestamptz,
        primary key (tenant_id, id),
        check ((headers is null) = (headers_hash is null))
      )`);
    await queryRunner.query(
      `create unique index file_layout_by_headers on file_layout (tenant_id, dataset, headers_hash)`,
    );
    // Row security binds the owner too.
    await queryRunner.query(`alter table file_mapping no force row level security`);
    await queryRunner.query(`
      insert into file_layout (tenant_id, id, dataset, mapping, updated_at, updated_by)
      select tenant_id, gen_random_uuid(), dataset, mapping, updated_at, updated_by from file_mapping`);
    await queryRunner.query(`drop table file_mapping`);
    await protect(queryRunner, 'file_layout');
    await queryRunner.query(`grant delete on file_layout to hotline_app`);
    // The layout it was read with, and the headers of the file, once they were found.
    await queryRunner.query(`alter table "import" add layout_id uuid, add headers jsonb`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`alter table "import" drop layout_id, drop headers`);
    await queryRunner.query(`
      create table file_mapping (
        tenant_id uuid not null references tenant (tenant_id),
        dataset text not null,
        mapping jsonb not null,
        updated_at timestamptz not null,
        updated_by text not null,
        primary key (tenant_id, dataset)
      )`);
    await queryRunner.query(`alter table file_layout no force row level security`);
    await queryRunner.query(`
      insert into file_mapping (tenant_id, dataset, mapping, updated_at, updated_by)
      select distinct on (tenant_id, dataset) tenant_id, dataset, mapping, updated_at, updated_by
      from file_layout order by tenant_id, dataset, updated_at desc`);
    await queryRunner.query(`drop table file_layout`);
    await protect(queryRunner, 'file_mapping');
  }
}

async function protect(queryRunner: QueryRunner, table: keyof typeof audited): Promise<void> {
  await queryRunner.query(`alter table ${table} enable row level security`);
  await queryRunner.query(`alter table ${table} force row level security`);
  await queryRunner.query(
    `create policy ${table}_of_tenant on ${table} to hotline_app using ${ofTenant} with check ${ofTenant}`,
  );
  await queryRunner.query(`grant select, insert, update on ${table} to hotline_app`);
  // Only the gate may call what the trigger calls; whoever makes a trigger must be allowed to, for that moment.
  await asGate(queryRunner, `grant execute on function audit_change() to session_user`);
  await queryRunner.query(`
    create constraint trigger audited after insert or update or delete on ${table}
    deferrable initially deferred for each row execute function audit_change('${audited[table]}')`);
  await asGate(queryRunner, `revoke execute on function audit_change() from session_user`);
}

async function asGate(queryRunner: QueryRunner, statement: string): Promise<void> {
  await queryRunner.query(`set local role hotline_gate`);
  await queryRunner.query(statement);
  await queryRunner.query(`reset role`);
}
