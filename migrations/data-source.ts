import { readdir } from 'node:fs/promises';
import { DataSource, type MigrationInterface } from 'typeorm';

/** Every migration in this folder, in the order of its time stamp: a new one needs to be listed nowhere. */
export async function loadMigrations(): Promise<(new () => MigrationInterface)[]> {
  const folder = new URL('./', import.meta.url);
  const files = (await readdir(folder)).filter((file) => /^\d{13}-[a-z-]+\.(ts|js)$/.test(file)).sort();
  const modules = await Promise.all(
    files.map(
      async (file) => (await import(new URL(file, folder).href)) as Record<string, new () => MigrationInterface>,
    ),
  );
  return modules.flatMap((module) => Object.values(module));
}

/** A connection of the owner that can run the migrations forward and back. */
export async function migrationSource(ownerUrl: string): Promise<DataSource> {
  return new DataSource({
    type: 'postgres',
    url: ownerUrl,
    migrations: await loadMigrations(),
    synchronize: false,
    installExtensions: false,
    logging: false,
    poolSize: 1,
  }).initialize();
}
