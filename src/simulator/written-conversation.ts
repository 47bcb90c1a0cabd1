import { isObject, parseJson } from './json.ts';
import type { Prompt } from './prompt.ts';

/** How a conversation begins that is written down as the text of one message, for programs that take nothing else. */
const beginning = /^What follows is a conversation written down as text\. [^\n]*\n/;
const earlier = /^<conversation>\n(.*?)^<\/conversation>$/ms;
const instructions = /^<system>\n.*?^<\/system>$/ms;
const result = /^<tool_result [^\n]*>\n(.*?)\n<\/tool_result>$/gms;
const schema = /^Answer with JSON that follows this schema and nothing else[^\n]*\n(\{.*\})$/m;

/** What the latest message of such a conversation is about; any other prompt as it is. */
export function readWrittenConversation(prompt: Prompt): Prompt {
  if (!beginning.test(prompt.text)) return prompt;
  const before = earlier.exec(prompt.text)?.[1] ?? '';
  const afterAnswer = before.slice(before.lastIndexOf('</assistant>') + 1);
  const outputSchema = parseJson(schema.exec(prompt.text)?.[1] ?? '');
  return {
    ...prompt,
    text: prompt.text.replace(beginning, '').replace(earlier, '').replace(instructions, '').trim(),
    toolResults: [...afterAnswer.matchAll(result)].map(([, text = '']) => text),
    ...(isObject(outputSchema) && { outputSchema }),
  };
}
