import type { QwenLogin } from './login.ts';

/** The MCP server's name stands in front of every tool's: the shorter, the better. */
export const serverName = 't';
export const toolPrefix = `mcp__${serverName}__`;

/** Waits of the model for a tool's result are ended by us, not by the CLI: its longest, one hour. */
const toolIdleTimeoutMs = 3_600_000;

/** The tools of the CLI's own, each by its name: the list of allowed ones alone leaves some of them in. */
const builtInTools = [
  'agent',
  'artifact',
  'ask_user_question',
  'create_sub_session',
  'cron_create',
  'cron_delete',
  'cron_list',
  'display_image',
  'edit',
  'enter_plan_mode',
  'enter_worktree',
  'exec',
  'exit_plan_mode',
  'exit_worktree',
  'get_goal',
  'glob',
  'grep_search',
  'image_gen',
  'list_agents',
  'list_directory',
  'loop_wakeup',
  'lsp',
  'monitor',
  'notebook_edit',
  'omni_caption_audio',
  'omni_caption_image',
  'omni_clip_audio',
  'omni_clip_image',
  'omni_clip_video',
  'omni_convert_image',
  'omni_downsample_audio',
  'omni_downsample_image',
  'omni_downscale_video',
  'omni_extract_audio',
  'omni_extract_keyframes',
  'omni_ocr_image',
  'omni_recall_media_memory',
  'omni_transcribe_audio',
  'omni_understand_video_segments',
  'propose_goal',
  'read_file',
  'read_mcp_resource',
  'record_artifact',
  'record_source',
  'report_findings',
  'request_shutdown',
  'run_shell_command',
  'save_memory',
  'send_message',
  'skill',
  'structured_output',
  'task_create',
  'task_list',
  'task_stop',
  'task_update',
  'team_create',
  'team_delete',
  'team_plan_approval',
  'todo_write',
  'tool_call',
  'tool_search',
  'update_goal',
  'web_fetch',
  'web_search',
  'workflow',
  'write_file',
  'zoom_image',
];

/**
 * The settings of a worker's private home: the user's login, no tools but the caller's, and none of what the CLI does on
 * its own account (requests to the model, telemetry, updates, memories, hooks, files of conversations).
 */
export function nativeSettings(login: Pick<QwenLogin, 'settings'>): Record<string, unknown> {
  const { security, model, ...own } = login.settings as { security?: object; model?: object };
  return {
    ...own,
    security: { ...security, folderTrust: { enabled: false } },
    privacy: { usageStatisticsEnabled: false },
    telemetry: { enabled: false },
    general: { enableAutoUpdate: false, preventSystemSleep: false, terminalBell: false, chatRecording: false },
    memory: { enableManagedAutoMemory: false, enableManagedAutoDream: false, enableAutoSkill: false },
    ui: { enableFollowupSuggestions: false },
    model: {
      ...model,
      skipStartupContext: true,
      skipNextSpeakerCheck: true,
      skipLoopDetection: true,
      // A loop of tool calls is the caller's, and so are all of its pictures.
      maxToolCallsPerTurn: -1,
      chatCompression: { enableScreenshotTrigger: false, imagePayloadThreshold: Number.MAX_SAFE_INTEGER },
    },
    tools: {
      core: ['__none__'],
      disabled: builtInTools,
      toolSearch: { enabled: false },
      // Each session would ask the program for its version.
      useRipgrep: false,
      useBuiltinRipgrep: false,
      approvalMode: 'default',
      // A result is what the caller says it is, whole.
      truncateToolOutputThreshold: 0,
      truncateToolOutputLines: 0,
      toolOutputBatchBudget: 0,
    },
    permissions: { allow: [`mcp__${serverName}`] },
    mcp: { toolIdleTimeoutMs },
    skills: { disabledLevels: ['project', 'user', 'extension', 'bundled'] },
    agents: { crossSessionMessaging: false, crossSessionInbound: 'refuse' },
    experimental: { cron: false, artifact: false },
    goals: { modelProposed: 'disabled' },
    context: {
      fileName: '__none__.md',
      autoCompactThreshold: 1,
      clearContextOnIdle: { toolResultsThresholdMinutes: -1, toolResultsTotalCharsThreshold: -1 },
    },
    disableAllHooks: true,
  };
}
