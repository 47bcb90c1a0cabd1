import { z } from 'zod';
import { decodeBase64 } from '../../core/base64.ts';
import type { AudioPart, FilePart } from '../../core/message.ts';
import { dataUrlBase64, hasScheme } from '../data-url.ts';
import { anything, invalid, isObject, read } from '../read.ts';

const wireFile = z.object({
  file_data: z.string().nullish(),
  file_id: anything,
  file_url: anything,
  filename: z.string().nullish(),
});
const wireAudio = z.object({ input_audio: z.object({ data: z.string(), format: z.string().min(1) }) });

/** A document of the caller's: a PDF, told by its content. Its fields stand in `file`, or beside the type. */
export function filePart(part: Record<string, unknown>, at: string): FilePart {
  const place = isObject(part.file) || part.type === 'file' ? `${at}.file` : at;
  const file = read(wireFile, place === at ? part : part.file, place);
  for (const key of ['file_id', 'file_url'] as const) {
    if (!file.file_data && file[key]) {
      throw invalid(`${place}.${key}`, "names a file that this server does not hold: send its bytes as 'file_data'");
    }
  }
  const param = `${place}.file_data`;
  if (!file.file_data) throw invalid(param, 'is required');
  const data = hasScheme(file.file_data, 'data:') ? dataUrlBase64(file.file_data) : file.file_data;
  const decoded = data === undefined ? undefined : decodeBase64(data);
  if (!decoded) throw invalid(param, 'is not valid base64');
  if (decoded.bytes.toString('latin1', 0, 5) !== '%PDF-') throw invalid(param, 'is not a PDF document');
  const name = file.filename ? { name: file.filename } : {};
  return { type: 'file', mediaType: 'application/pdf', data: decoded.text, ...name };
}

/** Sound of the caller's. */
export function audioPart(part: Record<string, unknown>, at: string): AudioPart {
  const { data, format } = read(wireAudio, part, at).input_audio;
  const decoded = decodeBase64(data);
  if (!decoded || decoded.bytes.length === 0) throw invalid(`${at}.input_audio.data`, 'is not valid base64');
  return { type: 'audio', format: format.toLowerCase(), data: decoded.text };
}
