export function versionFaults(
  lock: { readonly packages: Readonly<Record<string, { readonly version: string }>> },
  floors: Readonly<Record<string, { readonly least: string | null; readonly why: string }>>,
): string[];
