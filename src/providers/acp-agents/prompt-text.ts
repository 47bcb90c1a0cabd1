import type { Message, Part } from '../../core/message.ts';
import type { ContentBlock } from '../acp/wire.ts';

type Tag = 'system' | 'conversation' | 'user' | 'assistant' | 'tool_call' | 'tool_result';

/** Our own tags, which nobody else may write: what is said would then pass for what somebody else has said. */
const ownTags = /<(?=\/?(?:system|conversation|user|assistant|tool_call|tool_result)[\s>])/g;

/** A prompt as it grows: text in lines, with images and sounds where they belong. */
export class PromptText {
  #blocks: ContentBlock[] = [];

  get blocks(): ContentBlock[] {
    return this.#blocks;
  }

  line(text: string): this {
    return this.#text(text, '\n');
  }

  open(tag: Tag, attributes: Record<string, string> = {}): this {
    const written = Object.entries(attributes).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
    return this.line(`<${tag}${written.join('')}>`);
  }

  close(tag: Tag): this {
    return this.line(`</${tag}>`);
  }

  escaped(text: string): this {
    return this.line(text.replace(ownTags, '&lt;'));
  }

  escapedPart(part: Part): this {
    return 'text' in part ? this.escaped(part.text) : this.#medium(part);
  }

  /** The messages' parts word for word, a blank line between two texts. */
  paragraphs(messages: readonly Message[]): this {
    for (const part of messages.flatMap(({ content }) => content as Part[])) {
      if ('text' in part) this.#text(part.text, '\n\n');
      else this.#medium(part);
    }
    return this;
  }

  /** The same among our own tags. */
  escapedParagraphs(messages: readonly Message[]): this {
    for (const [index, part] of messages.flatMap(({ content }) => content as Part[]).entries()) {
      if (index > 0 && 'text' in part) this.line('');
      this.escapedPart(part);
    }
    return this;
  }

  #text(text: string, separator: string): this {
    const last = this.#blocks.at(-1);
    if (last?.type === 'text') last.text += `${separator}${text}`;
    else this.#blocks.push({ type: 'text', text });
    return this;
  }

  #medium(part: Part): this {
    if (part.type === 'audio') {
      this.#blocks.push({ type: 'audio', mimeType: `audio/${part.format}`, data: part.data });
    } else if (part.type === 'image') {
      const { source } = part;
      if (source.kind === 'url') return this.line(source.url);
      this.#blocks.push({ type: 'image', mimeType: source.mediaType, data: source.data });
    }
    return this;
  }
}
