import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';

export const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const pdf = Buffer.from('%PDF-1.4\n%%EOF').toString('base64');
const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const call = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bern"}' } } as const;

/** Two bodies that between them use everything that the official types know and this server reads. */
export const chatBodies = [
  {
    model: 'claude-sonnet',
    stream: true,
    stream_options: { include_usage: true },
    n: 2,
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'developer', content: [{ type: 'text', text: 'Be kind.' }] },
      {
        role: 'user',
        name: 'ann',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${png}`, detail: 'low' } },
          { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
          { type: 'file', file: { file_data: `data:application/pdf;base64,${pdf}`, filename: 'a.pdf' } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Well, ' },
          { type: 'refusal', refusal: 'no' },
        ],
        tool_calls: [call, { id: 'call_2', type: 'custom', custom: { name: 'patch', input: '+ a' } }],
      },
      { role: 'tool', tool_call_id: 'call_2', content: 'done' },
      { role: 'tool', tool_call_id: 'call_1', content: [{ type: 'text', text: 'sun' }] },
      { role: 'system', content: 'Now in French.' },
      { role: 'user', content: 'Go on.' },
    ],
    tools: [
      { type: 'function', function: { name: 'weather', description: 'Looks out.', parameters: schema, strict: true } },
      { type: 'function', function: { name: 'clock' } },
      { type: 'custom', custom: { name: 'patch', description: 'Edits.', format: { type: 'text' } } },
      {
        type: 'custom',
        custom: { name: 'sum', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: INT' } } },
      },
    ],
    tool_choice: {
      type: 'allowed_tools',
      allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'weather' } }] },
    },
    parallel_tool_calls: false,
    temperature: 0.5,
    top_p: 0.9,
    stop: ['END', ''],
    seed: 7,
    presence_penalty: 0.1,
    frequency_penalty: -0.1,
    max_completion_tokens: 100,
    max_tokens: 50,
    reasoning_effort: 'high',
    verbosity: 'low',
    response_format: { type: 'json_schema', json_schema: { name: 'place', schema, strict: true } },
    web_search_options: { search_context_size: 'low' },
    logit_bias: { '50256': -100 },
    logprobs: true,
    top_logprobs: 3,
    prediction: { type: 'content', content: 'x' },
    modalities: ['text', 'audio'],
    audio: { format: 'wav', voice: 'alloy' },
    service_tier: 'flex',
    store: true,
    metadata: { a: 'b' },
    user: 'ann',
  },
  {
    model: 'claude-opus',
    messages: [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: null, function_call: { name: 'clock', arguments: '{}' } },
      { role: 'function', name: 'clock', content: '12:00' },
    ],
    functions: [{ name: 'clock', description: 'Tells the time.', parameters: {} }],
    function_call: { name: 'clock' },
  },
] satisfies ChatCompletionCreateParams[];

/** The shape of the responses API, as some clients post it to the chat path. */
export const responsesShapedBody = {
  model: 'claude-sonnet',
  instructions: 'Be brief.',
  input: [
    {
      role: 'user',
      content: [
        { type: 'input_text', text: 'What is this?' },
        { type: 'input_image', image_url: `data:image/png;base64,${png}` },
      ],
    },
    { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm.' }] },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Let me look.' }] },
    { type: 'function_call', call_id: 'call_1', name: 'weather', arguments: '{"city":"Bern"}' },
    { type: 'custom_tool_call', call_id: 'call_2', name: 'patch', input: '+ a' },
    { type: 'function_call_output', call_id: 'call_1', output: 'sun' },
    { type: 'custom_tool_call_output', call_id: 'call_2', output: [{ type: 'input_text', text: 'done' }] },
  ],
  tools: [
    { type: 'function', name: 'weather', parameters: schema, strict: false },
    { type: 'custom', name: 'patch', format: { type: 'grammar', syntax: 'lark', definition: 'start: INT' } },
  ],
  tool_choice: { type: 'function', name: 'weather' },
  reasoning: { effort: 'low' },
  text: { verbosity: 'high', format: { type: 'json_schema', name: 'place', schema, strict: true } },
  max_output_tokens: 80,
  stream: true,
};
