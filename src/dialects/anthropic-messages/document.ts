import { z } from 'zod';
import { decodeBase64 } from '../../core/base64.ts';
import type { FilePart, ImagePart, TextPart } from '../../core/message.ts';
import { anything, invalid, isObject, read } from '../read.ts';
import { readImage } from './image.ts';
import type { Reading } from './reading.ts';
import { readTexts, textPart } from './text.ts';

const wireDocument = z.object({
  source: z.discriminatedUnion('type', [
    z.object({ type: z.literal('base64'), data: z.string() }),
    z.object({ type: z.literal('text'), data: z.string() }),
    z.object({ type: z.literal('content'), content: anything }),
    z.object({ type: z.literal('url') }),
    z.object({ type: z.literal('file') }),
  ]),
  title: z.string().nullish(),
  context: z.string().nullish(),
  citations: z.object({ enabled: z.boolean().nullish() }).nullish(),
});
const wireSearchResult = z.object({ source: z.string(), title: z.string(), content: anything, citations: anything });

type DocumentPart = TextPart | ImagePart | FilePart;

/** A document block: a PDF as a file, everything else as marked text, since only the model's own API has more. */
export function readDocument(block: unknown, at: string, reading: Reading): DocumentPart[] {
  const { source, title, context, citations } = read(wireDocument, block, at);
  if (citations?.enabled === true) reading.ignored.add('citations');
  switch (source.type) {
    case 'base64': {
      const file = readPdf(source.data, `${at}.source.data`, title ?? undefined);
      reading.places.set(file, at);
      return context ? [file, { type: 'text', text: `About this document: ${context}` }] : [file];
    }
    case 'text':
      return marked('document', { title, context }, [{ type: 'text', text: source.data }]);
    case 'content':
      return marked('document', { title, context }, readInner(source.content, `${at}.source.content`, reading));
    case 'url':
      throw invalid(`${at}.source.url`, 'is an address to download from: send the document itself as base64');
    case 'file':
      throw invalid(
        `${at}.source.file_id`,
        'names an uploaded file, which this server does not keep: send the document itself',
      );
  }
}

/** A search result block, as marked text. */
export function readSearchResult(block: unknown, at: string, reading: Reading): DocumentPart[] {
  const { source, title, content, citations } = read(wireSearchResult, block, at);
  if (isObject(citations) && citations.enabled === true) reading.ignored.add('citations');
  return marked('search_result', { title, source }, readTexts(content, `${at}.content`));
}

function readPdf(data: string, param: string, name: string | undefined): FilePart {
  const decoded = decodeBase64(data);
  if (!decoded) throw invalid(param, 'is not valid base64');
  if (decoded.bytes.toString('latin1', 0, 5) !== '%PDF-') throw invalid(param, 'is not a PDF document');
  return { type: 'file', mediaType: 'application/pdf', data: decoded.text, ...(name && { name }) };
}

function readInner(content: unknown, at: string, reading: Reading): DocumentPart[] {
  if (!Array.isArray(content)) return readTexts(content, at);
  return content.flatMap((block: unknown, index): DocumentPart[] => {
    const place = `${at}.${index}`;
    return isObject(block) && block.type === 'image' ? [readImage(block, place, reading)] : textPart(block, place);
  });
}

/** The parts between two tags: one text where there is nothing but text. */
function marked(
  tag: string,
  attributes: Record<string, string | null | undefined>,
  parts: DocumentPart[],
): DocumentPart[] {
  const named = Object.entries(attributes).map(([name, value]) => (value ? ` ${name}=${JSON.stringify(value)}` : ''));
  const [opening, closing] = [`<${tag}${named.join('')}>\n`, `\n</${tag}>`];
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  if (texts.length === parts.length) return [{ type: 'text', text: `${opening}${texts.join('\n\n')}${closing}` }];
  return [{ type: 'text', text: opening }, ...parts, { type: 'text', text: closing }];
}
