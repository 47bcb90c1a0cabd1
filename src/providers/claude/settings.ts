import { z } from 'zod';

const passed = (text: string) => z.string().optional().describe(text);

/** The environment variables of Claude Code: its path is ours to read, the others are handed on to it as they are. */
export const claudeSettings = {
  CLAUDE_CLI_PATH: z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .prefault('claude')
    .describe('The Claude Code program: a name on PATH or a path.'),
  ANTHROPIC_API_KEY: passed('API key for Claude Code. It takes precedence over a subscription login.'),
  ANTHROPIC_AUTH_TOKEN: passed('Bearer token for Claude Code, for gateways that want one.'),
  ANTHROPIC_BASE_URL: passed('Where Claude Code finds its model API, when not at Anthropic.'),
  CLAUDE_CODE_OAUTH_TOKEN: passed('Login made by `claude setup-token`.'),
  CLAUDE_CODE_USE_BEDROCK: passed('1 or true: Claude Code uses Amazon Bedrock with the AWS_* variables.'),
  CLAUDE_CODE_USE_VERTEX: passed(
    '1 or true: Claude Code uses Google Vertex AI with ANTHROPIC_VERTEX_PROJECT_ID and CLOUD_ML_REGION.',
  ),
};
