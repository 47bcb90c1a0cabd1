import { z } from 'zod';
import { secretText, switchText, webAddressText } from '../../settings/readers.ts';

/** The environment variables of Claude Code: its path is ours to read, the others are handed on to it as they are. */
export const claudeSettings = {
  CLAUDE_CLI_PATH: z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .prefault('claude')
    .describe('The Claude Code program: a name on PATH or a path.'),
  ANTHROPIC_API_KEY: secretText
    .optional()
    .describe('API key for Claude Code. It takes precedence over a subscription login.'),
  ANTHROPIC_AUTH_TOKEN: secretText.optional().describe('Bearer token for Claude Code, for gateways that want one.'),
  ANTHROPIC_BASE_URL: webAddressText
    .optional()
    .describe('Where Claude Code finds its model API, when not at Anthropic.'),
  CLAUDE_CODE_OAUTH_TOKEN: secretText.optional().describe('Login made by `claude setup-token`.'),
  CLAUDE_CODE_USE_BEDROCK: switchText
    .optional()
    .describe('1 or true: Claude Code uses Amazon Bedrock with the AWS_* variables.'),
  CLAUDE_CODE_USE_VERTEX: switchText
    .optional()
    .describe('1 or true: Claude Code uses Google Vertex AI with ANTHROPIC_VERTEX_PROJECT_ID and CLOUD_ML_REGION.'),
};
