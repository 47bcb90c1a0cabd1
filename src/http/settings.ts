import { z } from 'zod';
import type { ImageLimits } from '../core/image.ts';
import { booleanText, byteSizeText, commaList, integerText, jsonList, numberText } from '../settings/readers.ts';

const longestTimer = 2 ** 31 - 1;
const origin = /^(\*|[a-z][a-z0-9+.-]*:\/\/[^/\s,]+)$/i;

/** The environment variables of the HTTP server: each schema reads the variable's text. */
export const httpSettings = {
  PORT: integerText(0, 65_535)
    .prefault('8000')
    .describe('Port to listen on. When it is taken the next free one is used.'),
  HOST: z
    .string()
    .trim()
    .regex(/^[^\s/]+$/, 'must be a host name or an address')
    .prefault('127.0.0.1')
    .describe('Address to listen on. Anything wider than this machine needs API_KEY.'),
  API_KEY: z
    .string()
    .refine((text) => text === '' || /[^\s,]/.test(text), 'must hold at least one key')
    .pipe(commaList)
    .pipe(z.array(z.string().regex(/^[\x21-\x7e]+$/, 'must hold visible ASCII characters only')))
    .prefault('')
    .describe(
      'Keys that callers must send, separated by commas; each is a caller of its own. Empty: no key is needed.',
    ),
  CORS_ORIGINS: jsonList
    .pipe(z.array(z.string().regex(origin, 'must list origins like "https://example.com", or "*"')))
    .optional()
    .describe('JSON array of the web origins that may call, once API_KEY is set. Unset: pages of this machine only.'),
  ALLOWED_HOSTS: commaList
    .prefault('')
    .describe('Further host names under which the server may be called while API_KEY is empty, separated by commas.'),
  ALLOW_UNAUTHENTICATED: booleanText
    .prefault('false')
    .describe('Listen beyond this machine although API_KEY is empty: everyone who can reach the port uses your plan.'),
  MAX_BODY_BYTES: byteSizeText(256 * 1024 ** 2)
    .prefault('32mb')
    .describe('Largest request body, in bytes or like 32mb.'),
  MAX_IMAGES: integerText(0, 10_000).prefault('20').describe('Most images that one request may hold.'),
  MAX_IMAGE_BYTES: byteSizeText(256 * 1024 ** 2)
    .prefault('3840kb')
    .describe('Largest image once decoded, in bytes or like 3840kb.'),
  MAX_TIMEOUT: integerText(1, longestTimer)
    .prefault('600000')
    .describe('Longest time that one answer may take, in milliseconds.'),
  SSE_KEEPALIVE_INTERVAL: numberText(0.01, 3600)
    .prefault('15')
    .describe('Seconds of silence after which a stream gets a keep-alive comment.'),
  FIRST_EVENT_HOLD_MS: integerText(0, 600_000)
    .prefault('3000')
    .describe(
      'How long a stream waits for its first event, in milliseconds, so that a failure is still an HTTP status.',
    ),
  LOG_PROMPTS: booleanText.prefault('false').describe('Write the messages of each request to the log.'),
};

/** What the HTTP application needs to know; the rest of `httpSettings` is for whoever opens the port. */
export interface HttpSettings {
  /** The address that the server listens on. */
  host: string;
  /** Empty: everybody is let in. */
  apiKeys: readonly string[];
  /** Undefined: pages of this machine only. */
  corsOrigins?: readonly string[];
  allowedHosts: readonly string[];
  maxBodyBytes: number;
  images: ImageLimits;
  maxTimeoutMs: number;
  sseKeepAliveMs: number;
  firstEventHoldMs: number;
  logPrompts: boolean;
}

type HttpEnvironment = z.output<z.ZodObject<typeof httpSettings>>;

/** The application's settings from the variables as read. */
export function toHttpSettings(environment: HttpEnvironment): HttpSettings {
  return {
    host: environment.HOST,
    apiKeys: environment.API_KEY,
    corsOrigins: environment.CORS_ORIGINS,
    allowedHosts: environment.ALLOWED_HOSTS,
    maxBodyBytes: environment.MAX_BODY_BYTES,
    images: { count: environment.MAX_IMAGES, bytes: environment.MAX_IMAGE_BYTES },
    maxTimeoutMs: environment.MAX_TIMEOUT,
    sseKeepAliveMs: environment.SSE_KEEPALIVE_INTERVAL * 1000,
    firstEventHoldMs: environment.FIRST_EVENT_HOLD_MS,
    logPrompts: environment.LOG_PROMPTS,
  };
}
