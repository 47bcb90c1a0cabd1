import type { ResponseCreateParams } from 'openai/resources/responses/responses';
import { sealReasoningPart, sealSummary } from '../../src/dialects/openai-responses/sealed-text.ts';

export const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const pdf = Buffer.from('%PDF-1.4\n%%EOF').toString('base64');
const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const image = `data:image/png;base64,${png}`;
const sealed = sealReasoningPart({ type: 'reasoning', text: 'Hm.', origin: 'test', signature: 'signed' });

/** Bodies that between them use everything that the official types know and this server reads. */
export const responsesBodies = [
  {
    model: 'claude-sonnet',
    stream: true,
    instructions: 'Be brief.',
    input: [
      { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'Be kind.' }] },
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'What is this?' },
          { type: 'input_image', image_url: image, detail: 'auto' },
          { type: 'input_file', file_data: `data:application/pdf;base64,${pdf}`, filename: 'a.pdf' },
        ],
      },
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm.' }], encrypted_content: sealed },
      {
        type: 'message',
        id: 'msg_1',
        role: 'assistant',
        status: 'completed',
        content: [
          { type: 'output_text', text: 'Let me look.', annotations: [] },
          { type: 'refusal', refusal: 'Or not.' },
        ],
      },
      { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'weather', arguments: '{"city":"Bern"}' },
      { type: 'function_call', call_id: 'call_2', namespace: 'maps', name: 'find', arguments: '{"city":"Bern"}' },
      { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_3', name: 'patch', input: '+ a' },
      { type: 'function_call_output', call_id: 'call_1', output: 'sun' },
      {
        type: 'function_call_output',
        call_id: 'call_2',
        output: [
          { type: 'input_text', text: 'here' },
          { type: 'input_image', image_url: image, detail: 'low' },
          { type: 'input_file', file_data: pdf },
        ],
      },
      { type: 'custom_tool_call_output', call_id: 'call_3', output: 'done' },
      { type: 'tool_search_call', call_id: 'call_4', execution: 'client', arguments: { query: 'clock' } },
      {
        type: 'tool_search_output',
        call_id: 'call_4',
        execution: 'client',
        tools: [{ type: 'function', name: 'clock', parameters: null, strict: null, defer_loading: true }],
      },
      { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'Bern' } },
      { role: 'system', content: 'Now in French.' },
      { type: 'configuration_update', reasoning: { effort: 'low' } },
      { role: 'user', content: 'Go on.' },
    ],
    tools: [
      { type: 'function', name: 'weather', description: 'Looks out.', parameters: schema, strict: true },
      {
        type: 'namespace',
        name: 'maps',
        description: 'Maps.',
        tools: [
          { type: 'function', name: 'find', parameters: schema },
          { type: 'custom', name: 'draw' },
        ],
      },
      { type: 'custom', name: 'patch', description: 'Edits.', format: { type: 'text' } },
      { type: 'custom', name: 'sum', format: { type: 'grammar', syntax: 'lark', definition: 'start: INT' } },
      { type: 'tool_search', execution: 'client', description: 'Finds tools.', parameters: schema },
      { type: 'web_search', search_context_size: 'low' },
      { type: 'code_interpreter', container: { type: 'auto' } },
    ],
    tool_choice: { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'weather' }] },
    parallel_tool_calls: false,
    temperature: 0.5,
    top_p: 0.9,
    top_logprobs: 2,
    max_output_tokens: 100,
    max_tool_calls: 3,
    reasoning: { effort: 'high', summary: 'auto' },
    text: { verbosity: 'low', format: { type: 'json_schema', name: 'place', schema, strict: true } },
    include: ['reasoning.encrypted_content', 'message.output_text.logprobs'],
    store: false,
    metadata: { a: 'b' },
    truncation: 'auto',
    service_tier: 'flex',
    safety_identifier: 'ann',
    prompt_cache_key: 'key',
    user: 'ann',
  },
  {
    model: 'claude-opus',
    input: [
      { type: 'compaction', encrypted_content: sealSummary('We spoke of the weather.') },
      { role: 'user', content: 'Sum up.' },
      { type: 'compaction_trigger' },
    ],
    tools: [{ type: 'function', name: 'weather', parameters: schema, strict: null }],
    background: true,
    previous_response_id: 'resp_1',
  },
  { model: 'claude-haiku', input: 'hi', text: { format: { type: 'json_object' } } },
] satisfies ResponseCreateParams[];

/** What clients of this API send beyond the official types. */
export const freerBody = {
  model: 'claude-sonnet',
  input: [
    {
      type: 'additional_tools',
      role: 'developer',
      tools: [{ type: 'namespace', name: 'clock', tools: [{ type: 'function', name: 'sleep' }] }],
    },
    { role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }] },
    { type: 'agent_message', author: '/root', content: [{ type: 'encrypted_content', encrypted_content: 'Go.' }] },
  ],
  tools: [{ type: 'function', function: { name: 'nested', parameters: schema } }],
  presence_penalty: 0.5,
  frequency_penalty: -0.5,
};
