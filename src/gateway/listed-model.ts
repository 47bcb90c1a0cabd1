import type { Effort, Parameter } from '../core/request.ts';

/** What the model list says of one model. A fact that nobody knows is left out. */
export interface ListedModel {
  id: string;
  /** Other names that mean this model. */
  aliases: readonly string[];
  /** For people. */
  title: string;
  ownedBy: string;
  createdAt?: Date;
  /** Tokens. */
  contextWindow?: number;
  /** Tokens. */
  maxOutputTokens?: number;
  /** List price in US dollars for a million tokens. */
  pricing?: { input: number; output: number };
  inputs: { images: boolean; documents: boolean; audio: boolean };
  /** The settings that reach the model. */
  parameters: readonly Parameter[];
  /** Empty where the model has no such setting. */
  efforts: readonly Effort[];
  reasoning: 'never' | 'on-request' | 'by-default';
  webTools: boolean;
  parallelToolCalls: boolean;
}
