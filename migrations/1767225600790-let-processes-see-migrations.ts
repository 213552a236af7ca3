import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A process without the owner's login refuses to start on a database that another has not prepared yet. */
export class LetProcessesSeeMigrations1767225600790 implements MigrationInterface {
  name = 'LetProcessesSeeMigrations1767225600790';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('grant select on public.migrations to hotline_app');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('revoke select on public.migrations from hotline_app');
  }
}
