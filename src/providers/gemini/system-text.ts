/** For a conversation without a system prompt: the API refuses an instruction without words. */
export const neutralSystem = 'You are a helpful assistant.';

/** A system prompt as the CLI's file of it has to hold it. */
export function systemText(system: string | undefined): string {
  if (system === undefined || system.trim() === '') return neutralSystem;
  // The CLI would put lists of its own in these places.
  return system.replaceAll(/\$\{(?=\w+\})/g, '$\u200b{');
}

/** A system prompt for which there is no other place than the beginning of the conversation. */
export function systemInConversation(system: string): string {
  return `<system_instructions>\n${system}\n</system_instructions>`;
}
