import type { QueryRunner } from 'typeorm';

/**
 * Has the database tell of every change of a table, at the end of its transaction; see the migration Audit.
 * @param columns what is kept of a row: no secret, no name, no address of a person
 */
export async function auditTable(queryRunner: QueryRunner, table: string, columns: string): Promise<void> {
  const [row] = (await queryRunner.query('select quote_ident(current_user) as owner')) as { owner: string }[];
  const as = async (statement: string): Promise<void> => {
    await queryRunner.query('set local role hotline_gate');
    await queryRunner.query(statement);
    await queryRunner.query('reset role');
  };
  // Who makes a trigger has to be allowed to call its function; nobody else ever is.
  await as(`grant execute on function audit_change() to ${row?.owner ?? ''}`);
  await queryRunner.query(`
    create constraint trigger audited after insert or update or delete on ${table}
    deferrable initially deferred for each row execute function audit_change('${columns}')`);
  await as(`revoke execute on function audit_change() from ${row?.owner ?? ''}`);
}
