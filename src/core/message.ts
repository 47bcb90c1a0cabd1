import type { ToolCall } from './tool.ts';

export interface TextPart {
  type: 'text';
  text: string;
}

/** An image held as bytes in base64, or a URL that still has to be downloaded. */
export interface ImagePart {
  type: 'image';
  source: { kind: 'base64'; mediaType: string; data: string } | { kind: 'url'; url: string };
}

/** A document such as a PDF, as bytes in base64. */
export interface FilePart {
  type: 'file';
  mediaType: string;
  data: string;
  name?: string;
}

export interface AudioPart {
  type: 'audio';
  /** `wav`, `mp3`, … */
  format: string;
  data: string;
}

/** Reasoning of an earlier answer. `origin` names the provider whose signature or encrypted text it carries. */
export interface ReasoningPart {
  type: 'reasoning';
  text: string;
  signature?: string;
  encrypted?: string;
  origin?: string;
}

export interface RefusalPart {
  type: 'refusal';
  text: string;
}

export interface ToolCallPart {
  type: 'tool-call';
  call: ToolCall;
}

export type UserPart = TextPart | ImagePart | FilePart | AudioPart;
export type AssistantPart = TextPart | ReasoningPart | RefusalPart | ToolCallPart;
export type ToolResultPart = TextPart | ImagePart | FilePart;
export type Part = UserPart | AssistantPart;

/** A system message that stands after the conversation began; leading ones are `GenerateRequest.system`. */
export interface SystemMessage {
  role: 'system';
  content: TextPart[];
}

export interface UserMessage {
  role: 'user';
  content: UserPart[];
  name?: string;
}

export interface AssistantMessage {
  role: 'assistant';
  content: AssistantPart[];
}

/** The result of one tool call. */
export interface ToolMessage {
  role: 'tool';
  callId: string;
  content: ToolResultPart[];
  isError?: boolean;
}

export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;
