import type {
  ResponseCustomToolCallItem,
  ResponseFunctionToolCallItem,
  ResponseToolSearchCall,
} from 'openai/resources/responses/responses';
import type { ToolCall } from '../../core/tool.ts';
import { completeArguments } from '../openai-chat/answer.ts';
import type { WireName } from './tool-names.ts';
import type { ItemStatus, OpenItem, WireEvent } from './wire.ts';

type Kind = ToolCall['kind'] | 'search';

/** A call of one of the caller's tools, under the name that the caller gave the tool. */
export class CallItem implements OpenItem {
  readonly #id: string;
  readonly #outputIndex: number;
  readonly #kind: Kind;
  readonly #callId: string;
  readonly #wire: WireName;
  /** The arguments sent so far, and at the end all of them. */
  #text = '';
  #status: ItemStatus = 'in_progress';

  constructor(id: string, outputIndex: number, call: Omit<ToolCall, 'arguments'>, wire: WireName) {
    this.#id = id;
    this.#outputIndex = outputIndex;
    this.#kind = wire.search ? 'search' : call.kind;
    this.#callId = call.id;
    this.#wire = wire;
  }

  get item(): ResponseFunctionToolCallItem | ResponseCustomToolCallItem | ResponseToolSearchCall {
    const { name, namespace } = this.#wire;
    const head = { id: this.#id, status: this.#status, call_id: this.#callId };
    const named = { ...head, name, ...(namespace !== undefined && { namespace }) };
    if (this.#kind === 'function') return { ...named, type: 'function_call', arguments: this.#text };
    if (this.#kind === 'custom') return { ...named, type: 'custom_tool_call', input: this.#text };
    return { ...head, type: 'tool_search_call', execution: 'client', arguments: parse(this.#text) };
  }

  *open(): Generator<WireEvent> {
    yield { type: 'response.output_item.added', output_index: this.#outputIndex, item: this.item };
  }

  *arguments(delta: string): Generator<WireEvent> {
    if (delta === '') return;
    this.#text += delta;
    if (this.#kind === 'function') yield { type: 'response.function_call_arguments.delta', ...this.#place, delta };
    if (this.#kind === 'custom') yield { type: 'response.custom_tool_call_input.delta', ...this.#place, delta };
  }

  /** Ends the call with its whole arguments, whatever its deltas were. */
  *finish(call: ToolCall): Generator<WireEvent> {
    const whole = completeArguments(call);
    if (whole.startsWith(this.#text)) yield* this.arguments(whole.slice(this.#text.length));
    this.#text = whole;
    yield* this.close('completed');
  }

  *close(status: ItemStatus): Generator<WireEvent> {
    this.#status = status;
    const text = this.#text;
    if (this.#kind === 'function') {
      yield { type: 'response.function_call_arguments.done', ...this.#place, arguments: text };
    } else if (this.#kind === 'custom') {
      yield { type: 'response.custom_tool_call_input.done', ...this.#place, input: text };
    }
    yield { type: 'response.output_item.done', output_index: this.#outputIndex, item: this.item };
  }

  get #place() {
    return { item_id: this.#id, output_index: this.#outputIndex };
  }
}

/** Arguments under way are no JSON yet, and count as none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
