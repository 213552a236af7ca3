import type { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import type { MessageLanguage } from '@hotline/rows';

export const mediaTypes = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

export interface Download {
  /** As people see it; any characters. */
  readonly name: string;
  /** For programs that read ASCII only. */
  readonly plainName: string;
  readonly type: string;
}

/** A file to be saved, never to be shown in place; its name in the form of RFC 6266. */
export function download(
  content: Uint8Array | { readonly stream: Readable; readonly bytes: number },
  { name, plainName, type }: Download,
): StreamableFile {
  // RFC 8187 leaves fewer characters as they are than URIs do.
  const escaped = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const disposition = `attachment; filename="${plainName}"; filename*=UTF-8''${escaped}`;
  return 'stream' in content
    ? new StreamableFile(content.stream, { type, length: content.bytes, disposition })
    : new StreamableFile(content, { type, length: content.length, disposition });
}

/** `?lang=en`; Chinese where nothing else is asked for. */
export function languageOf(lang: string | readonly string[] | undefined): MessageLanguage {
  return lang === 'en' ? 'en' : 'zh-CN';
}
