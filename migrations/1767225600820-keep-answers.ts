import type { MigrationInterface, QueryRunner } from 'typeorm';

const ofTenant = `(tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`;

/** Answers of mutations that came with an `Idempotency-Key`, to be given again to the same caller. */
export class KeepAnswers1767225600820 implements MigrationInterface {
  name = 'KeepAnswers1767225600820';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table kept_answer (
        tenant_id uuid not null references tenant (tenant_id),
        -- The member or the API key that asked.
        caller_id uuid not null,
        -- Keyed hashes: what the caller wrote is not kept.
        key_hash bytea not null,
        request_hash bytea not null,
        -- Null while it is being carried out.
        answer jsonb,
        begun_at timestamptz not null default now(),
        expires_at timestamptz not null,
        primary key (tenant_id, caller_id, key_hash)
      )`);
    await queryRunner.query(`create index kept_answer_by_expiry on kept_answer (tenant_id, expires_at)`);
    await queryRunner.query(`alter table kept_answer enable row level security`);
    await queryRunner.query(`alter table kept_answer force row level security`);
    await queryRunner.query(
      `create policy kept_answer_of_tenant on kept_answer to hotline_app using ${ofTenant} with check ${ofTenant}`,
    );
    await queryRunner.query(`grant select, insert, update, delete on kept_answer to hotline_app`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop table kept_answer`);
  }
}
