import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Immutable results: the application can add and read them, nothing else. */
export class CreateAssessments1767225600200 implements MigrationInterface {
  name = 'CreateAssessments1767225600200';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table assessment (
        tenant_id uuid not null references tenant (tenant_id),
        id uuid not null,
        start_day date not null,
        end_day date not null,
        methodology text not null,
        methodology_version text not null,
        methodology_digest text not null,
        content_hash text not null,
        evidence_hash text not null,
        assessed_at timestamptz not null,
        requested_by text not null,
        -- json, not jsonb: the order of the method and every digit stay as they were hashed.
        result json not null,
        imports json not null,
        days json not null,
        primary key (tenant_id, id),
        unique (tenant_id, content_hash, evidence_hash)
      )`);
    await queryRunner.query(`create index assessment_by_time on assessment (tenant_id, assessed_at desc, id desc)`);
    await queryRunner.query(`alter table assessment enable row level security`);
    await queryRunner.query(`alter table assessment force row level security`);
    await queryRunner.query(`
      create policy assessment_of_tenant on assessment to hotline_app
        using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
        with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`);
    await queryRunner.query(`grant select, insert on assessment to hotline_app`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop table assessment`);
  }
}
