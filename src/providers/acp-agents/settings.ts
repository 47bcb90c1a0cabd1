import { z } from 'zod';

/** The environment variable of the agents that are there by configuration alone. */
export const acpAgentsSettings = {
  ACP_AGENTS: z
    .string()
    .trim()
    .optional()
    .describe(
      'A JSON file that lists further agents, programs that speak the Agent Client Protocol. Unset: acp-agents.json in CLIS_WRAPPER_HOME, where there is one.',
    ),
};
