/** Built-in tools of the web flavour; the chat flavour has none. */
export const webTools = ['WebSearch', 'WebFetch'] as const;

const settings = {
  crossSessionInbound: 'refuse',
  disableClaudeAiConnectors: true,
  disableRemoteControl: true,
};

/**
 * How a session's process is started before anything of a request is known: stream-json both ways, no built-in tool but
 * the web's where asked for, none of the operator's settings, hooks, MCP servers, memories or slash commands.
 */
export function sessionArguments(options: { web: boolean; resume?: string }): string[] {
  return [
    '--print',
    '--output-format=stream-json',
    '--input-format=stream-json',
    '--verbose',
    '--include-partial-messages',
    '--thinking-display=summarized',
    `--tools=${options.web ? webTools.join(',') : ''}`,
    ...(options.web ? [`--allowedTools=${webTools.join(',')}`] : []),
    '--setting-sources=',
    '--strict-mcp-config',
    '--permission-mode=dontAsk',
    '--disable-slash-commands',
    '--no-session-persistence',
    `--settings=${JSON.stringify(settings)}`,
    ...(options.resume === undefined ? [] : [`--resume=${options.resume}`]),
  ];
}
