import type { EntitySchema, MigrationInterface } from 'typeorm';

/** A class with @Entity, or its schema. */
export type Entity = EntitySchema | (abstract new (...args: never[]) => unknown);

export type Migration = new () => MigrationInterface;

/**
 * Brings reference tables up to date, in one transaction of the owner, after the migrations at every start.
 * Leaves the same rows however often it runs. `query` resolves to the rows.
 */
export type Seed = (query: (sql: string, parameters?: unknown[]) => Promise<unknown[]>) => Promise<void>;
