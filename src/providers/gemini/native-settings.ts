import type { Effort } from '../../core/request.ts';
import { effortsOf, withEffort } from './efforts.ts';

export const webSearchTool = 'google_web_search';

/** Models that are offered with efforts before the CLI has listed its own. */
const usualModels = [
  'gemini-3.1-pro-preview-customtools',
  'gemini-3.1-pro-preview',
  'gemini-3-flash-preview',
  'gemini-3.8-flash',
  'gemini-3.5-flash',
  'gemini-3.5-flash-lite',
  'gemini-3.1-flash-lite',
  'gemini-2.5-pro',
  'gemini-2.5-flash',
  'gemini-2.5-flash-lite',
];

/** The model of sessions that are not told another. */
export const defaultModel = 'gemini-2.5-flash';

/** Whether a name with an effort behind it is known to the CLI. */
export function hasEfforts(model: string): boolean {
  return usualModels.includes(model);
}

/** More than any conversation has. */
const outOfReach = 1_000_000_000;

/**
 * What the CLI takes for its maker's wishes, where it does not ask for them (it does so with a Google login): older tool
 * results would be replaced by the name of a file that the model cannot read.
 */
export const nativeExperiments = {
  flags: [
    { flagId: 45_758_817, intValue: String(outOfReach) },
    { flagId: 45_758_818, intValue: String(outOfReach) },
  ],
};

/** The CLI's lists of what it asks after a failure, each for models of one kind. */
const chains = ['preview', 'auto-preview', 'default', 'auto-default', 'lite'];

/**
 * The settings file of a worker: no tools but the caller's and, where a session does not leave it out, web search; none
 * of what the CLI does on its own account (telemetry, updates, retries, memories, agents, compression).
 */
export function nativeSettings(login: string): Record<string, unknown> {
  return {
    security: { auth: { selectedType: login }, folderTrust: { enabled: false } },
    privacy: { usageStatisticsEnabled: false },
    telemetry: { enabled: false },
    general: {
      enableAutoUpdate: false,
      enableAutoUpdateNotification: false,
      topicUpdateNarration: false,
      plan: { enabled: false },
      checkpointing: { enabled: false },
      // A failure is told at once: whoever asked knows best whether to try again.
      maxAttempts: 1,
      retryFetchErrors: false,
    },
    context: { includeDirectoryTree: false, discoveryMaxDirs: 0, memoryBoundaryMarkers: [] },
    // With the server's name in it the rule would show the tools and then forbid them.
    tools: { core: [webSearchTool, 'mcp_*'], useRipgrep: false },
    experimental: { enableAgents: false, extensionManagement: false, dynamicModelConfiguration: true },
    skills: { enabled: false },
    useWriteTodos: false,
    // The hooks and the extension are ours: see `session-shape.ts`.
    hooksConfig: { enabled: true, notifications: false },
    admin: { extensions: { enabled: true }, skills: { enabled: false } },
    model: {
      name: defaultModel,
      skipNextSpeakerCheck: true,
      disableLoopDetection: true,
      // A long conversation would be summed up by an extra request.
      compressionThreshold: outOfReach,
      summarizeToolOutput: {},
    },
    modelConfigs: {
      customAliases: aliases(),
      // A failing model is neither tried again nor replaced by another one.
      modelChains: Object.fromEntries(chains.map((name) => [name, []])),
      // Who asks for a model gets it, or an error: not the one that the CLI likes better.
      modelIdResolutions: Object.fromEntries(usualModels.map((model) => [model, { default: model }])),
    },
  };
}

/** Each model with each of its efforts, as a model of its own. */
function aliases(): Record<string, unknown> {
  return Object.fromEntries(
    usualModels.flatMap((model) =>
      Object.entries(effortsOf(model)).map(([effort, thinkingConfig]) => [
        withEffort(model, effort as Effort),
        { extends: model, modelConfig: { generateContentConfig: { thinkingConfig } } },
      ]),
    ),
  );
}
