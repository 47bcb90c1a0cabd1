import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GenerateRequest } from '../../core/request.ts';
import type { ToolNames } from '../tool-names.ts';
import { webSearchTool } from './native-settings.ts';

/** The MCP server's name stands in front of every tool's: the shorter, the better. */
export const serverName = 't';
export const toolPrefix = `mcp_${serverName}_`;

/** What a session is made with, and keeps. */
export interface SessionShape {
  web: boolean;
  /** Sampling and the output limit are told to the model. */
  sampling: boolean;
  /** Which tool to call is told to the model. */
  choice: boolean;
}

const samplingFile = 'sampling.json';
const choiceFile = 'tool-choice.json';

/** What this request has to tell the model, beside what every request has. */
export function shapeOf(request: GenerateRequest, web: boolean): SessionShape {
  const { temperature, topP, topK, maxOutputTokens, toolChoice } = request;
  return {
    web,
    sampling: [temperature, topP, topK, maxOutputTokens].some((value) => value !== undefined),
    choice: toolChoice !== undefined && toolChoice.mode !== 'auto',
  };
}

/** Whether a session of this shape can take a turn that needs that one. */
export function fits(shape: SessionShape, needed: SessionShape): boolean {
  return shape.web === needed.web && (shape.sampling || !needed.sampling) && (shape.choice || !needed.choice);
}

/**
 * Shapes the next session that is made: the CLI reads an extension's hooks, and the tools it leaves out, anew for each.
 * A hook costs a process for every request to the model, so it is there only where it has something to say.
 */
export async function writeShape(home: string, { web, sampling, choice }: SessionShape): Promise<void> {
  const folder = join(home, '.gemini', 'extensions', 'session');
  const excludeTools = web ? [] : [webSearchTool];
  const hooks = {
    ...(sampling && { BeforeModel: hook(samplingFile) }),
    ...(choice && { BeforeToolSelection: hook(choiceFile) }),
  };
  await mkdir(join(folder, 'hooks'), { recursive: true, mode: 0o700 });
  await Promise.all([
    writeFile(
      join(folder, 'gemini-extension.json'),
      JSON.stringify({ name: 'session', version: '1.0.0', excludeTools }),
    ),
    writeFile(join(folder, 'hooks', 'hooks.json'), JSON.stringify({ hooks })),
  ]);
}

/** Writes down what the hooks of a session of this shape tell for this request. */
export async function writeHookAnswers(
  directory: string,
  shape: SessionShape,
  request: GenerateRequest,
  names: ToolNames,
): Promise<void> {
  await Promise.all([
    shape.sampling && writeFile(join(directory, samplingFile), JSON.stringify(samplingAnswer(request))),
    shape.choice && writeFile(join(directory, choiceFile), JSON.stringify(choiceAnswer(request, names))),
  ]);
}

function hook(file: string): unknown[] {
  // It runs in the session's own directory.
  return [{ hooks: [{ type: 'command', name: file, command: `cat ${file}` }] }];
}

function samplingAnswer({ temperature, topP, topK, maxOutputTokens }: GenerateRequest): unknown {
  // All four at once: one that is left out would be left to the API, not to the CLI.
  const config = { ...samplingDefaults, ...defined({ temperature, topP, topK, maxOutputTokens }) };
  return { hookSpecificOutput: { hookEventName: 'BeforeModel', llm_request: { config } } };
}

/** What the CLI sends of its own accord. */
const samplingDefaults = { temperature: 1, topP: 0.95, topK: 64 };

function choiceAnswer({ toolChoice }: GenerateRequest, names: ToolNames): unknown {
  return {
    hookSpecificOutput: { hookEventName: 'BeforeToolSelection', toolConfig: toolConfig(toolChoice, names) },
  };
}

function toolConfig(choice: GenerateRequest['toolChoice'], names: ToolNames): Record<string, unknown> {
  switch (choice?.mode) {
    case 'none':
      return { mode: 'NONE' };
    case 'required':
      return { mode: 'ANY' };
    case 'tool':
      return { mode: 'ANY', allowedFunctionNames: [toolPrefix + names.native(choice.name)] };
    default:
      return { mode: 'AUTO' };
  }
}

function defined(values: Record<string, number | undefined>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Record<
    string,
    number
  >;
}
