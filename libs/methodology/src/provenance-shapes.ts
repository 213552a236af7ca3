import { z } from 'zod';
import { provenanceKinds } from './provenance.js';

const bare = { error: 'a number of the method needs its provenance: {value, kind, source}' };

export const names = { zh: z.string().min(1), en: z.string().min(1) };
export const nameShape = z.strictObject(names);

const provenance = {
  kind: z.enum(provenanceKinds),
  source: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  note: z.string().min(1).optional(),
};
export const provenanceShape = z.strictObject(provenance);

/** An object of this shape that also says where it comes from. */
export const withProvenance = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject({ ...shape, ...provenance });

export const sourced = z.strictObject(
  { value: z.number(), ...provenance },
  { error: (issue) => (issue.code === 'invalid_type' ? bare.error : undefined) },
);
