import type { DecodedFile } from './decoded-file.js';
import { whenArrived } from './arriving-file.js';
import { detectFileType, headBytes } from './file-type.js';
import type { DecodeRequest } from './header/choose-dataset.js';
import { defaultLimits } from './limits.js';
import type { DecodeLimits } from './limits.js';
import { decodeText } from './text/decode-text.js';
import { decodeWorkbook } from './workbook/decode-workbook.js';

/**
 * Turns an upload into strict UTF-8 rows and says which dataset they are and which header feeds which column. Writes
 * `decoded.csv` into `outDir`, which must exist; memory does not grow with the file, except by the shared texts of a
 * workbook. Throws FileRefused with a code of data/messages-decode.json; what was written then is of no use.
 */
export async function decodeFile(
  request: DecodeRequest,
  outDir: string,
  limits: Partial<DecodeLimits> = {},
): Promise<DecodedFile> {
  const all = { ...defaultLimits, ...limits };
  await whenArrived(request, headBytes);
  const detected = await detectFileType(request.file);
  if (detected.type === 'text') return decodeText(request, detected.mark, outDir, all);
  // What a workbook holds is listed at its end.
  await whenArrived(request);
  return decodeWorkbook(request, outDir, all);
}
