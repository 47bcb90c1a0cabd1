import {
  type Content,
  FunctionCallingConfigMode,
  type GenerateContentConfig,
  GoogleGenAI,
  ThinkingLevel,
  Type,
} from '@google/genai';
import type { RequestLimits } from '../../src/dialects/dialect.ts';
import { gemini } from '../../src/dialects/gemini/gemini.ts';
import { tinyImages } from '../support/tiny-images.ts';

export const png = tinyImages['image/png'];
export const pdf = Buffer.from('%PDF-1.4\n%%EOF').toString('base64');

/** Decodes a body as if it had been posted to this model and verb. */
export const decodeAt = (body: unknown, target: string, limits: RequestLimits, query: Record<string, string> = {}) =>
  gemini.decode(body, { limits, parameters: { target }, query, headers: {} });

/** The official client, its requests answered by us. */
export function clientOf(answer: (url: string, body: unknown) => string | Response): GoogleGenAI {
  const fetch = async (url: unknown, init?: RequestInit): Promise<Response> => {
    const said = answer(String(url), typeof init?.body === 'string' ? JSON.parse(init.body) : undefined);
    if (typeof said !== 'string') return said;
    const type = String(url).includes('alt=sse') ? 'text/event-stream' : 'application/json';
    return new Response(said, { headers: { 'content-type': type } });
  };
  return new GoogleGenAI({ apiKey: 'none', httpOptions: { fetch } });
}

/** The body that the official client makes of these. */
async function bodyOf(contents: Content[] | string, config: GenerateContentConfig): Promise<unknown> {
  let seen: unknown;
  const client = clientOf((_, body) => {
    seen = body;
    return '{"candidates":[]}';
  });
  await client.models.generateContent({ model: 'm', contents, config });
  return seen;
}

const conversation: Content[] = [
  {
    role: 'user',
    parts: [
      { text: 'What is this?' },
      { inlineData: { mimeType: 'image/png', data: png } },
      { inlineData: { mimeType: 'application/pdf', data: pdf, displayName: 'a.pdf' } },
      { inlineData: { mimeType: 'audio/wav', data: 'AAAA' } },
      { inlineData: { mimeType: 'text/csv', data: Buffer.from('a,b').toString('base64') } },
    ],
  },
  {
    role: 'model',
    parts: [
      { text: 'Hm.', thought: true },
      { text: 'Let me ', thoughtSignature: 'c2lnbmVk' },
      { text: 'look.' },
      { executableCode: { code: 'print(1)' } },
      { codeExecutionResult: { output: '1' } },
      { functionCall: { id: 'call_1', name: 'weather', args: { city: 'Bern' } } },
      { functionCall: { name: 'clock' } },
    ],
  },
  {
    role: 'user',
    parts: [
      { functionResponse: { name: 'clock', response: { error: 'broken' } } },
      {
        functionResponse: {
          id: 'call_1',
          name: 'weather',
          response: { output: 'sun' },
          parts: [{ inlineData: { mimeType: 'image/png', data: png } }],
        },
      },
      { text: 'Go on.' },
    ],
  },
];

/** Bodies of the official client that between them use what it knows and this server reads. */
export const clientBodies = [
  await bodyOf(conversation, {
    systemInstruction: 'Be brief.',
    temperature: 0.5,
    topP: 0.9,
    topK: 40,
    candidateCount: 2,
    maxOutputTokens: 100,
    stopSequences: ['END', ''],
    seed: 7,
    presencePenalty: 0.1,
    frequencyPenalty: -0.1,
    responseMimeType: 'application/json',
    responseSchema: {
      type: Type.OBJECT,
      properties: { city: { type: Type.STRING, nullable: true }, sizes: { type: Type.ARRAY, minItems: '1' } },
      propertyOrdering: ['sizes', 'city'],
      required: ['city'],
    },
    responseLogprobs: true,
    logprobs: 3,
    thinkingConfig: { includeThoughts: true, thinkingBudget: 2_000 },
    safetySettings: [{}],
    labels: { a: 'b' },
    cachedContent: 'cachedContents/a',
    tools: [
      {
        functionDeclarations: [
          {
            name: 'weather',
            description: 'Looks out.',
            parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING } }, required: ['city'] },
          },
          { name: 'clock' },
        ],
      },
      { googleSearch: {} },
      { urlContext: {} },
      { codeExecution: {} },
    ],
    toolConfig: {
      functionCallingConfig: { mode: FunctionCallingConfigMode.ANY, allowedFunctionNames: ['clock', 'weather'] },
    },
  }),
  await bodyOf('hi', {
    systemInstruction: { parts: [{ text: 'Be brief.' }, { text: 'Be kind.' }] },
    responseMimeType: 'application/json',
    responseJsonSchema: { type: 'object', properties: { city: { type: ['string', 'null'] } } },
    thinkingConfig: { thinkingLevel: ThinkingLevel.LOW },
    tools: [{ functionDeclarations: [{ name: 'clock', parametersJsonSchema: { type: 'object', properties: {} } }] }],
    toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.NONE } },
    responseModalities: ['TEXT', 'IMAGE'],
  }),
];

/** The other spelling of the fields, as people write it by hand, and single things where arrays are meant. */
export const snakeBody = {
  system_instruction: { parts: { text: 'Be brief.' } },
  contents: {
    parts: [{ text: 'What is this?' }, { inline_data: { mime_type: 'image/png', data: png } }],
  },
  tools: { function_declarations: { name: 'clock', parameters_json_schema: {} }, google_search_retrieval: {} },
  tool_config: { function_calling_config: { mode: 'validated', allowed_function_names: ['clock'] } },
  generation_config: {
    top_p: 0.9,
    top_k: 40,
    max_output_tokens: 100,
    stop_sequences: ['END'],
    candidate_count: 1,
    presence_penalty: 0.1,
    response_mime_type: 'application/json',
    thinking_config: { include_thoughts: true, thinking_level: 'high' },
  },
  safety_settings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
};
