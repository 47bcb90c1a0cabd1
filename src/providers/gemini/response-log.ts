import { closeSync, fstatSync, ftruncateSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import type { Usage } from '../../core/usage.ts';
import { LineSplitter } from '../../stream/lines.ts';

const maxLineBytes = 256 * 1024 * 1024;
/** The file is begun anew beyond this. */
const fileBytes = 16 * 1024 * 1024;
/** Answers that nobody has claimed: those of turns that were cut off, and of the CLI's own business. */
const keptResponses = 512;

export interface RecordedCall {
  id?: string;
  name: string;
  args: Record<string, unknown>;
}

/** One answer of the model, whole. */
export interface RecordedResponse {
  /** A turn of a conversation; false for what the CLI asks in between. */
  streamed: boolean;
  text: string;
  calls: RecordedCall[];
  finishReason?: string;
  usage: Usage;
  /** Web pages that it rests on. */
  sources: { url: string; title: string }[];
}

interface NativeChunk {
  candidates?: {
    content?: { parts?: { text?: string; thought?: boolean; functionCall?: Partial<RecordedCall> }[] };
    finishReason?: string;
    groundingMetadata?: { groundingChunks?: { web?: { uri?: string; title?: string } }[] };
  }[];
  usageMetadata?: NativeUsage;
}

interface NativeUsage {
  promptTokenCount?: number;
  toolUsePromptTokenCount?: number;
  candidatesTokenCount?: number;
  thoughtsTokenCount?: number;
  cachedContentTokenCount?: number;
}

/**
 * The answers of the model as the CLI writes them down, each before it acts on it (`--record-responses`). They are not
 * marked with their session: whoever waits for one knows it by what it says.
 */
export class ResponseLog {
  #file: string;
  #reader: Reader | undefined;
  /** The file before the present one: a last line may still come. */
  #before: Reader | undefined;
  #unclaimed: RecordedResponse[] = [];
  #closed = false;

  constructor(file: string) {
    this.#file = file;
  }

  /** Everything that is written and not claimed, the oldest first. */
  unclaimed(): readonly RecordedResponse[] {
    if (this.#closed) return [];
    for (const reader of [this.#before, this.#current()]) {
      for (const line of reader?.lines() ?? []) this.#add(line);
    }
    if ((this.#reader?.bytes ?? 0) > fileBytes) this.#rotate();
    this.#unclaimed = this.#unclaimed.slice(-keptResponses);
    return this.#unclaimed;
  }

  claim(responses: readonly RecordedResponse[]): void {
    this.#unclaimed = this.#unclaimed.filter((response) => !responses.includes(response));
  }

  /** Forgets everything, on the disk too. Only while the model is asked nothing: what comes meanwhile is lost. */
  clear(): void {
    if (this.#closed) return;
    this.#unclaimed = [];
    this.#before?.close();
    this.#before = undefined;
    rmSync(`${this.#file}.before`, { force: true });
    this.#reader?.restart();
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#before?.close();
    this.#reader?.close();
  }

  #current(): Reader | undefined {
    try {
      this.#reader ??= new Reader(this.#file);
    } catch {
      // Not written yet.
    }
    return this.#reader;
  }

  #rotate(): void {
    renameSync(this.#file, `${this.#file}.before`);
    this.#before?.close();
    this.#before = this.#reader;
    this.#reader = undefined;
  }

  #add(line: string): void {
    const response = readResponse(line);
    if (response !== undefined) this.#unclaimed.push(response);
  }
}

class Reader {
  #descriptor: number;
  #splitter = new LineSplitter({ maxBytes: maxLineBytes });
  bytes = 0;

  constructor(file: string) {
    this.#descriptor = openSync(file, 'r+');
  }

  restart(): void {
    ftruncateSync(this.#descriptor);
    this.#splitter = new LineSplitter({ maxBytes: maxLineBytes });
    this.bytes = 0;
  }

  *lines(): Generator<string> {
    const added = fstatSync(this.#descriptor).size - this.bytes;
    if (added <= 0) return;
    const chunk = Buffer.alloc(added);
    const read = readSync(this.#descriptor, chunk, 0, added, this.bytes);
    this.bytes += read;
    yield* this.#splitter.feed(chunk.subarray(0, read));
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function readResponse(line: string): RecordedResponse | undefined {
  const { method, response } = parse(line);
  if (method === 'generateContentStream' && Array.isArray(response)) return gather(response, true);
  if (method === 'generateContent') return gather([response as NativeChunk], false);
  return undefined;
}

function parse(line: string): { method?: string; response?: unknown } {
  try {
    return JSON.parse(line) as { method?: string; response?: unknown };
  } catch {
    return {};
  }
}

function gather(chunks: NativeChunk[], streamed: boolean): RecordedResponse {
  const candidates = chunks.flatMap((chunk) => chunk.candidates?.slice(0, 1) ?? []);
  const parts = candidates.flatMap(({ content }) => content?.parts ?? []);
  const usage = chunks.findLast(({ usageMetadata }) => usageMetadata !== undefined)?.usageMetadata ?? {};
  const finishReason = candidates.findLast((candidate) => candidate.finishReason !== undefined)?.finishReason;
  return {
    streamed,
    text: parts.flatMap(({ text, thought }) => (text === undefined || thought ? [] : [text])).join(''),
    calls: parts.flatMap(({ functionCall }) => (functionCall === undefined ? [] : [readCall(functionCall)])),
    ...(finishReason !== undefined && { finishReason }),
    usage: readUsage(usage),
    sources: candidates.flatMap(({ groundingMetadata }) =>
      (groundingMetadata?.groundingChunks ?? []).flatMap(({ web }) =>
        web?.uri === undefined ? [] : [{ url: web.uri, title: web.title ?? web.uri }],
      ),
    ),
  };
}

function readCall({ id, name = '', args = {} }: Partial<RecordedCall>): RecordedCall {
  // The CLI puts this into every tool's schema, for itself.
  const { wait_for_previous: _, ...own } = args;
  return { name, args: own, ...(id !== undefined && { id }) };
}

function readUsage(native: NativeUsage): Usage {
  const { thoughtsTokenCount = 0, cachedContentTokenCount = 0 } = native;
  return {
    inputTokens: (native.promptTokenCount ?? 0) + (native.toolUsePromptTokenCount ?? 0),
    outputTokens: (native.candidatesTokenCount ?? 0) + thoughtsTokenCount,
    cacheReadTokens: cachedContentTokenCount,
    reasoningTokens: thoughtsTokenCount,
  };
}
