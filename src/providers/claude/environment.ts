import { childEnvironment } from '../../process/environment.ts';

/** What of our environment is Claude Code's own business: which login or cloud pays, and where its API is. */
const allowed = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'ANTHROPIC_BASE_URL',
  'ANTHROPIC_CUSTOM_HEADERS',
  'ANTHROPIC_BEDROCK_BASE_URL',
  'ANTHROPIC_VERTEX_BASE_URL',
  'ANTHROPIC_VERTEX_PROJECT_ID',
  'ANTHROPIC_DEFAULT_OPUS_MODEL',
  'ANTHROPIC_DEFAULT_SONNET_MODEL',
  'ANTHROPIC_DEFAULT_HAIKU_MODEL',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'CLAUDE_CODE_CLIENT_CERT',
  'CLAUDE_CODE_CLIENT_KEY',
  'CLAUDE_CODE_CLIENT_KEY_PASSPHRASE',
  'CLAUDE_CONFIG_DIR',
];
const bedrock = ['AWS_*', 'CLAUDE_CODE_SKIP_BEDROCK_AUTH'];
const vertex = [
  'CLOUD_ML_REGION',
  'VERTEX_REGION_*',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'GOOGLE_CLOUD_PROJECT',
  'CLOUDSDK_CONFIG',
  'CLAUDE_CODE_SKIP_VERTEX_AUTH',
];

/** Settings of every session, each a lock on something that would reach the model, the network or the disk. */
const fixed = {
  // The caller's tools keep their names, and all of them are shown.
  CLAUDE_AGENT_SDK_MCP_NO_PREFIX: '1',
  ENABLE_TOOL_SEARCH: 'false',
  // A second lock on `@path` in a prompt; the first is `client_composed` on every message.
  CLAUDE_CODE_DISABLE_ATTACHMENTS: '1',
  CLAUDE_CODE_DISABLE_CLAUDE_MDS: '1',
  CLAUDE_CODE_DISABLE_AUTO_MEMORY: '1',
  CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '1',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  CLAUDE_CODE_DISABLE_TERMINAL_TITLE: '1',
  DISABLE_TELEMETRY: '1',
  DISABLE_ERROR_REPORTING: '1',
  DISABLE_AUTOUPDATER: '1',
  // A broken stream is an error that the caller sees, never a second answer made in silence.
  CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK: '1',
  CLAUDE_CODE_DISABLE_REFUSAL_RETRY: '1',
  CLAUDE_CODE_MAX_RETRIES: '2',
  // Its runtime, Bun, collects garbage by the clock, often just as a turn begins (12 ms), and compiles for programs that
  // run for long. Both cost a short turn more than they give; memory is still collected when it fills.
  BUN_GC_TIMER_DISABLE: '1',
  BUN_JSC_useFTLJIT: '0',
};

/** Whether a switch such as CLAUDE_CODE_USE_BEDROCK is on: `1` and `true` both mean yes. */
export function isOn(value: string | undefined): boolean {
  return value === '1' || value?.toLowerCase() === 'true';
}

/** The environment of a Claude Code process. Cloud credentials go along only where that cloud is switched on. */
export function claudeEnvironment(ours: Record<string, string | undefined>, timeoutMs: number): Record<string, string> {
  const onBedrock = isOn(ours.CLAUDE_CODE_USE_BEDROCK);
  const onVertex = isOn(ours.CLAUDE_CODE_USE_VERTEX);
  return childEnvironment(ours, [...allowed, ...(onBedrock ? bedrock : []), ...(onVertex ? vertex : [])], {
    ...fixed,
    API_TIMEOUT_MS: String(timeoutMs),
    ...(onBedrock && { CLAUDE_CODE_USE_BEDROCK: '1' }),
    ...(onVertex && { CLAUDE_CODE_USE_VERTEX: '1' }),
  });
}
