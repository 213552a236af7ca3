import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Uploads, the ordered list of committed imports (the truth), and what is derived from it: segments and daily facts. */
export class CreateImports1767225600100 implements MigrationInterface {
  name = 'CreateImports1767225600100';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table "import" (
        tenant_id uuid not null references tenant (tenant_id),
        id uuid not null,
        state text not null check (state in
          ('received', 'checking', 'checked', 'committing', 'committed', 'refused', 'failed', 'reverting', 'reverted', 'discarded')),
        file_name text not null,
        sha256 text not null,
        bytes bigint not null,
        requested_dataset text not null default '',
        dataset text,
        mapping jsonb,
        uploaded_at timestamptz not null,
        uploaded_by text not null,
        source_file text,
        result jsonb,
        refusal jsonb,
        commit_seq bigint,
        committed_at timestamptz,
        reverted_at timestamptz,
        changes jsonb,
        primary key (tenant_id, id)
      )`);
    // The same bytes for the same dataset are the same import, however often and however many at once.
    await queryRunner.query(`
      create unique index import_same_bytes on "import" (tenant_id, sha256, requested_dataset)
        where state not in ('refused', 'failed', 'reverted', 'discarded')`);
    await queryRunner.query(`create unique index import_commit_order on "import" (tenant_id, commit_seq)`);
    await queryRunner.query(`create index import_by_upload on "import" (tenant_id, uploaded_at desc, id desc)`);

    await queryRunner.query(`
      create table file_mapping (
        tenant_id uuid not null references tenant (tenant_id),
        dataset text not null,
        mapping jsonb not null,
        updated_at timestamptz not null,
        updated_by text not null,
        primary key (tenant_id, dataset)
      )`);

    // One row a tenant: its version goes up with every switch of segments, so a stale derivation cannot be committed.
    await queryRunner.query(`
      create table row_state (
        tenant_id uuid not null references tenant (tenant_id),
        version bigint not null,
        commit_seq bigint not null,
        primary key (tenant_id)
      )`);

    await queryRunner.query(`
      create table segment (
        tenant_id uuid not null references tenant (tenant_id),
        dataset text not null,
        month text not null,
        file text not null,
        sha256 text not null,
        bytes bigint not null,
        rows bigint not null,
        primary key (tenant_id, dataset, month)
      )`);

    await queryRunner.query(`
      create table daily_fact (
        tenant_id uuid not null references tenant (tenant_id),
        methodology text not null,
        dataset text not null,
        month text not null,
        series text not null,
        day date not null,
        stratum text not null,
        after_day date not null,
        until_day date not null,
        n bigint not null,
        total numeric not null,
        primary key (tenant_id, methodology, dataset, month, series, day, stratum, after_day, until_day)
      )`);
    await queryRunner.query(`create index daily_fact_by_day on daily_fact (tenant_id, methodology, day)`);

    for (const table of ['"import"', 'file_mapping', 'row_state', 'segment', 'daily_fact']) {
      const name = table.replaceAll('"', '');
      await queryRunner.query(`alter table ${table} enable row level security`);
      await queryRunner.query(`alter table ${table} force row level security`);
      await queryRunner.query(`
        create policy ${name}_of_tenant on ${table} to hotline_app
          using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
          with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`);
    }
    await queryRunner.query(`grant select, insert, update on "import", file_mapping, row_state to hotline_app`);
    await queryRunner.query(`grant select, insert, update, delete on segment, daily_fact to hotline_app`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['daily_fact', 'segment', 'row_state', 'file_mapping', '"import"']) {
      await queryRunner.query(`drop table ${table}`);
    }
  }
}
