import type { MessageCreateParams as BetaMessageCreateParams } from '@anthropic-ai/sdk/resources/beta/messages';
import type { MessageCreateParams } from '@anthropic-ai/sdk/resources/messages';
import { tinyImages } from '../support/tiny-images.ts';

export const png = tinyImages['image/png'];
export const pdf = Buffer.from('%PDF-1.4\n%%EOF').toString('base64');
const schema = { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] };
const ephemeral = { cache_control: { type: 'ephemeral' as const } };
const image = {
  type: 'image' as const,
  source: { type: 'base64' as const, media_type: 'image/png' as const, data: png },
};

const stable = {
  model: 'some-model',
  max_tokens: 1000,
  stream: true,
  system: [
    { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.330.440; cc_entrypoint=cli;' },
    { type: 'text', text: 'Be brief.', ...ephemeral },
    { type: 'text', text: 'Be kind.', ...ephemeral },
  ],
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?', ...ephemeral },
        image,
        {
          type: 'document',
          source: { type: 'base64', media_type: 'application/pdf', data: pdf },
          title: 'a.pdf',
          context: 'from the archive',
          citations: { enabled: true },
        },
        { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'plain' }, title: 'Notes' },
        { type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'one' }, image] } },
        { type: 'document', source: { type: 'content', content: 'two' } },
        { type: 'search_result', source: 'https://a', title: 'A', content: [{ type: 'text', text: 'found' }] },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Hm.', signature: 'c2lnbmVk' },
        { type: 'redacted_thinking', data: 'ZW5j' },
        { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'q' } },
        {
          type: 'web_search_tool_result',
          tool_use_id: 'srvtoolu_1',
          content: [{ type: 'web_search_result', title: 'T', url: 'https://t', encrypted_content: 'opaque' }],
        },
        { type: 'text', text: 'Let me look.' },
        { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Bern' }, ...ephemeral },
        { type: 'tool_use', id: 'toolu_2', name: 'clock', input: {} },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'toolu_2', content: 'no clock', is_error: true },
        {
          type: 'tool_result',
          tool_use_id: 'toolu_1',
          content: [
            { type: 'text', text: 'sun' },
            image,
            { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: pdf } },
            { type: 'search_result', source: 'https://a', title: 'A', content: [] },
            { type: 'tool_reference', tool_name: 'hidden' },
          ],
          ...ephemeral,
        },
        { type: 'text', text: 'Go on.' },
      ],
    },
    { role: 'system', content: 'Now in French.' },
    { role: 'assistant', content: 'Bien' },
  ],
  tools: [
    { name: 'weather', description: 'Looks out.', input_schema: schema, strict: true, ...ephemeral },
    { name: 'clock', type: 'custom', input_schema: { type: 'object' }, eager_input_streaming: true },
    { name: 'hidden', input_schema: schema, defer_loading: true, input_examples: [{ city: 'Bern' }] },
    { type: 'web_search_20250305', name: 'web_search', max_uses: 8, allowed_domains: ['example.org'] },
    { type: 'code_execution_20250825', name: 'code_execution' },
  ],
  tool_choice: { type: 'tool', name: 'weather', disable_parallel_tool_use: true },
  thinking: { type: 'enabled', budget_tokens: 4096, display: 'omitted' },
  output_config: { format: { type: 'json_schema', schema } },
  stop_sequences: ['END', ''],
  metadata: { user_id: 'u' },
  service_tier: 'standard_only',
  inference_geo: 'us',
  container: 'c',
} satisfies MessageCreateParams;

const beta = {
  model: 'some-model',
  max_tokens: 128000,
  stream: true,
  system: 'Be brief.',
  messages: [
    { role: 'user', content: 'hi' },
    {
      role: 'system',
      content: [
        { type: 'text', text: 'The time is noon.', ...ephemeral },
        { type: 'tool_addition', tool: { type: 'tool_reference', name: 'hidden' } },
        {
          type: 'tool_addition',
          tool: { type: 'tool_definition', definition: { name: 'late', input_schema: schema } },
        },
        { type: 'tool_removal', tool: { type: 'tool_reference', name: 'clock' } },
      ],
      output_config: { effort: 'medium' },
    },
    { role: 'system', content: 'Only for now.', clear_at: 'next_user_message' },
    {
      role: 'assistant',
      content: [
        { type: 'compaction', content: 'What was said before.' },
        { type: 'mcp_tool_use', id: 'mcptoolu_1', name: 'find', server_name: 's', input: {} },
        { type: 'mcp_tool_result', tool_use_id: 'mcptoolu_1', content: [{ type: 'text', text: 'x' }] },
      ],
    },
    { role: 'user', content: [{ type: 'text', text: 'Go on.' }] },
    { role: 'system', content: [], output_config: { effort: 'high' } },
  ],
  tools: [
    { name: 'clock', input_schema: schema },
    { name: 'hidden', input_schema: schema, defer_loading: true },
    { type: 'web_fetch_20250910', name: 'web_fetch' },
    { type: 'tool_search_tool_regex_20251119', name: 'tool_search_tool_regex' },
  ],
  tool_choice: { type: 'any' },
  thinking: { type: 'adaptive' },
  output_config: { effort: 'low', task_budget: { type: 'tokens', total: 10 } },
  context_management: {
    edits: [{ type: 'clear_thinking_20251015', keep: 'all' }, { type: 'clear_tool_uses_20250919' }],
  },
  betas: ['interleaved-thinking-2025-05-14'],
  mcp_servers: [{ type: 'url', name: 's', url: 'https://s' }],
  speed: 'fast',
} satisfies BetaMessageCreateParams;

/** Bodies that between them use everything that the official types know, or knew, and this server reads. */
export const messageBodies: unknown[] = [{ ...stable, temperature: 0.5, top_p: 0.9, top_k: 40 }, beta];
