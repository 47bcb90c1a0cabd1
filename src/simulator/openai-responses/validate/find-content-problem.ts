import { isObject, type JsonObject } from '../../json.ts';
import type { ApiError } from '../api-error.ts';
import { findImageProblem } from './find-image-problem.ts';
import { missing, problem, unsupported, wrongType } from './problems.ts';

const PARTS = {
  input: ['input_text', 'input_image', 'input_file'],
  output: ['output_text', 'refusal'],
};
const ALL_PARTS = [...PARTS.input, ...PARTS.output, 'computer_screenshot', 'summary_text'];
const DETAILS = ['low', 'high', 'auto', 'original'];

/** What is said in a message or by a tool. What the model said has parts of its own. */
export function findContentProblem(content: unknown, side: keyof typeof PARTS, at: string): ApiError | undefined {
  if (typeof content === 'string') return undefined;
  if (!Array.isArray(content)) return wrongType(content, 'one of an array of objects or string', at);
  for (const [index, part] of content.entries()) {
    const found = findPartProblem(part, side, `${at}[${index}]`);
    if (found) return found;
  }
  return undefined;
}

function findPartProblem(part: unknown, side: keyof typeof PARTS, at: string): ApiError | undefined {
  if (!isObject(part)) return wrongType(part, 'an object', at);
  const type = String(part.type);
  if (part.type === undefined) return missing(`${at}.type`);
  if (!PARTS[side].includes(type)) return unsupported(type, ALL_PARTS.includes(type) ? PARTS[side] : ALL_PARTS, at);
  switch (type) {
    case 'input_image':
      return findInputImageProblem(part, at);
    case 'input_file':
      return findFileProblem(part, at);
    default: {
      const field = type === 'refusal' ? 'refusal' : 'text';
      if (part[field] === undefined) return missing(`${at}.${field}`);
      return typeof part[field] === 'string' ? undefined : wrongType(part[field], 'a string', `${at}.${field}`);
    }
  }
}

function findInputImageProblem({ image_url: url, file_id: fileId, detail }: JsonObject, at: string) {
  if (detail !== undefined && detail !== null && !DETAILS.includes(String(detail))) {
    return unsupported(detail, DETAILS, `${at}.detail`);
  }
  if (typeof fileId === 'string') return undefined;
  if (url === undefined || url === null) return missing(`${at}.image_url`);
  if (typeof url !== 'string') return wrongType(url, 'a string', `${at}.image_url`);
  return findImageProblem(url, `${at}.image_url`);
}

function findFileProblem({ file_data: data, file_id: id, file_url: url, filename }: JsonObject, at: string) {
  if (typeof id === 'string' || typeof url === 'string') return undefined;
  if (typeof data !== 'string') return missing(`${at}.file_id`);
  if (typeof filename !== 'string') return missing(`${at}.filename`);
  if (/^data:[^;,]+;base64,[A-Za-z0-9+/]+={0,2}$/.test(data)) return undefined;
  const message = `Invalid '${at}.file_data'. Expected a base64-encoded data URL with a MIME type (e.g. 'data:application/pdf;base64,JVBERi0=').`;
  return problem(message, `${at}.file_data`, 'invalid_value');
}
