// Addresses come from attributes, so from whoever writes the page: only https, our own origin, or the page's own.

/** An address that may be followed from `base`: https, or the same origin. null for anything else. */
export function safeAddress(address: string, base: string): string | null {
  let url: URL;
  try {
    url = new URL(address, base);
  } catch {
    return null;
  }
  const { protocol, origin, href } = url;
  return protocol === 'https:' || (protocol === 'http:' && origin === new URL(base).origin) ? href : null;
}

export type DocumentName = 'summary' | 'tree';

export type DocumentAddress =
  { readonly ok: true; readonly url: string } | { readonly ok: false; readonly failure: 'address' | 'key' };

/**
 * Address of a document of an embed key. `api` is the origin or folder of the service: https, the page's own
 * origin or the script's; without it the script's, whose data need no more trust than its code.
 */
export function documentAddress(
  key: string,
  api: string | null,
  name: DocumentName,
  page: string,
  script: string = import.meta.url,
): DocumentAddress {
  if (!/^[\w~-][\w.~-]{0,199}$/.test(key)) return { ok: false, failure: 'key' };
  const folder = (api || '').replace(/\/?$/, '/');
  const address = `${folder}embed/v1/${key}/${name}.json`;
  const url = safeAddress(address, api ? page : script) ?? safeAddress(address, script);
  return url === null ? { ok: false, failure: 'address' } : { ok: true, url };
}
