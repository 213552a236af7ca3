import type { MigrationInterface, QueryRunner } from 'typeorm';

const ofTenant = `(tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`;

/** Uploads that arrive in parts, until they are put together to an import. */
export class UploadByParts1767225600520 implements MigrationInterface {
  name = 'UploadByParts1767225600520';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table upload (
        tenant_id uuid not null references tenant (tenant_id),
        id uuid not null,
        file_name text not null,
        requested_dataset text not null default '',
        bytes bigint not null,
        started_at timestamptz not null,
        started_by text not null,
        import_id uuid,
        primary key (tenant_id, id),
        foreign key (tenant_id, import_id) references "import" (tenant_id, id)
      )`);
    await queryRunner.query(`create index upload_by_start on upload (tenant_id, started_at)`);
    await queryRunner.query(`
      create table upload_part (
        tenant_id uuid not null references tenant (tenant_id),
        upload_id uuid not null,
        number integer not null,
        sha256 text not null,
        bytes bigint not null,
        file text not null,
        primary key (tenant_id, upload_id, number),
        foreign key (tenant_id, upload_id) references upload (tenant_id, id) on delete cascade
      )`);
    for (const table of ['upload', 'upload_part']) {
      await queryRunner.query(`alter table ${table} enable row level security`);
      await queryRunner.query(`alter table ${table} force row level security`);
      await queryRunner.query(
        `create policy ${table}_of_tenant on ${table} to hotline_app using ${ofTenant} with check ${ofTenant}`,
      );
      await queryRunner.query(`grant select, insert, update, delete on ${table} to hotline_app`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop table upload_part`);
    await queryRunner.query(`drop table upload`);
  }
}
