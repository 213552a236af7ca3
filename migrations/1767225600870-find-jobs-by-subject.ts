import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whoever waits for an import finds the job about it without reading the open jobs of everybody. */
export class FindJobsBySubject1767225600870 implements MigrationInterface {
  name = 'FindJobsBySubject1767225600870';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table job add constraint job_finished
        check ((finished_at is null) = (state in ('queued', 'running')))`);
    await queryRunner.query(`create index job_unended on job (tenant_id, subject) where finished_at is null`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop index job_unended`);
    await queryRunner.query(`alter table job drop constraint job_finished`);
  }
}
