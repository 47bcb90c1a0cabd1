import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Prompt } from './prompt.ts';
import { readWrittenConversation } from './written-conversation.ts';

const prompt = (text: string): Prompt => ({ text, toolResults: [], webSearch: false, stopSequences: [] });
const head = 'What follows is a conversation written down as text. Answer what comes after it.\n\n';

describe('readWrittenConversation', () => {
  it('leaves any other prompt alone', () => {
    const plain = prompt('<system>\nI only look like one.\n</system>\nHello');
    assert.equal(readWrittenConversation(plain), plain);
  });

  it('finds the latest words behind the instructions and what was said before', () => {
    const text = `${head}<system>\n[[status 500]]\n</system>\n\n<conversation>\n<user>\n[[text One]]\n</user>\n</conversation>\n\n[[text Two]]\nplease`;
    assert.equal(readWrittenConversation(prompt(text)).text, '[[text Two]]\nplease');
  });

  it('finds the results of the latest calls, and the schema of the answer', () => {
    const text = `${head}<system>\nAnswer with JSON that follows this schema and nothing else:\n{"type":"object"}\n</system>\n\n<conversation>\n<tool_result id="1">\nold\n</tool_result>\n<assistant>\n</assistant>\n<tool_result id="2">\nnew\nlines\n</tool_result>\n<tool_result id="3" is_error="true">\nnone\n</tool_result>\n</conversation>\n\nGo on.`;
    const { toolResults, outputSchema } = readWrittenConversation(prompt(text));
    assert.deepEqual(toolResults, ['new\nlines', 'none']);
    assert.deepEqual(outputSchema, { type: 'object' });
  });
});
