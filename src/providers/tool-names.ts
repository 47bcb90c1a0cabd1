import { createHash } from 'node:crypto';
import type { FunctionTool } from '../core/tool.ts';

const accepted = /^[A-Za-z0-9_-]{1,64}$/;

/** The caller's tools under names that the model's API takes, and the way back. */
export class ToolNames {
  readonly tools: FunctionTool[];
  #toNative = new Map<string, string>();
  #toCaller = new Map<string, string>();

  constructor(tools: readonly FunctionTool[]) {
    this.tools = tools.map((tool) => {
      const name = accepted.test(tool.name) ? tool.name : alias(tool.name);
      this.#toNative.set(tool.name, name);
      this.#toCaller.set(name, tool.name);
      return name === tool.name ? tool : { ...tool, name };
    });
  }

  /** The name that the model knows; a name that is not among the tools (an older call's) is made acceptable. */
  native(name: string): string {
    return this.#toNative.get(name) ?? (accepted.test(name) ? name : alias(name));
  }

  /** The caller's own name, or undefined when the model made the name up. */
  caller(name: string): string | undefined {
    return this.#toCaller.get(name);
  }
}

function alias(name: string): string {
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 55)}_${digest}`;
}
