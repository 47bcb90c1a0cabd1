import { z } from 'zod';
import { integerText } from '../settings/readers.ts';

/** The environment variables of the gateway: each schema reads the variable's text. */
export const gatewaySettings = {
  WEB_TOOLS: z
    .enum(['auto', 'on', 'off'], 'must be auto, on or off')
    .prefault('auto')
    .describe("The CLI's own web search and fetch: auto = when the caller brings no tools of its own."),
  PREWARM_SPARES: integerText(0, 100)
    .prefault('1')
    .describe('Sessions kept ready for new conversations, of each kind (with and without web tools).'),
  LIVE_SESSIONS: integerText(0, 1_000)
    .prefault('8')
    .describe('Conversations whose session is kept for their next turn; the least recently used one goes first.'),
  LIVE_SESSION_SECONDS: integerText(1, 86_400)
    .prefault('300')
    .describe('How long a conversation that says nothing keeps its session.'),
  MAX_CONCURRENT_REQUESTS: integerText(1, 10_000)
    .prefault('20')
    .describe('Answers made at the same time (n choices are n answers); further ones wait their turn.'),
  MAX_WAITING_REQUESTS: integerText(0, 100_000)
    .prefault('100')
    .describe('Requests that may wait; one more is told to come back later.'),
};

export interface GatewaySettings {
  webTools: 'auto' | 'on' | 'off';
  spares: number;
  liveSessions: number;
  liveSessionMs: number;
  maxConcurrent: number;
  maxWaiting: number;
}

type GatewayEnvironment = z.output<z.ZodObject<typeof gatewaySettings>>;

/** The gateway's settings from the variables as read. */
export function toGatewaySettings(environment: GatewayEnvironment): GatewaySettings {
  return {
    webTools: environment.WEB_TOOLS,
    spares: environment.PREWARM_SPARES,
    liveSessions: environment.LIVE_SESSIONS,
    liveSessionMs: environment.LIVE_SESSION_SECONDS * 1_000,
    maxConcurrent: environment.MAX_CONCURRENT_REQUESTS,
    maxWaiting: environment.MAX_WAITING_REQUESTS,
  };
}
