import { createHash } from 'node:crypto';
import type { FunctionTool } from '../core/tool.ts';

const accepted = /^[A-Za-z0-9_-]+$/;

/** The caller's tools under names that the model's API takes, and the way back. */
export class ToolNames {
  readonly tools: FunctionTool[];
  #toNative = new Map<string, string>();
  #toCaller = new Map<string, string>();
  #reserved: ReadonlySet<string>;
  #longest: number;

  /**
   * `reserved` are names that the CLI keeps for itself: a tool of the caller's cannot have them there. `longest` is how
   * many characters a name may have: fewer where the CLI puts something in front of it.
   */
  constructor(
    tools: readonly FunctionTool[],
    { reserved = [], longest = 64 }: { reserved?: readonly string[]; longest?: number } = {},
  ) {
    this.#reserved = new Set(reserved);
    this.#longest = longest;
    this.tools = tools.map((tool) => {
      const name = this.#acceptable(tool.name);
      this.#toNative.set(tool.name, name);
      this.#toCaller.set(name, tool.name);
      return name === tool.name ? tool : { ...tool, name };
    });
  }

  /** The name that the model knows; a name that is not among the tools (an older call's) is made acceptable. */
  native(name: string): string {
    return this.#toNative.get(name) ?? this.#acceptable(name);
  }

  /** The caller's own name, or undefined when the model made the name up. */
  caller(name: string): string | undefined {
    return this.#toCaller.get(name);
  }

  #acceptable(name: string): string {
    if (accepted.test(name) && name.length <= this.#longest && !this.#reserved.has(name)) return name;
    const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
    return `${name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, this.#longest - digest.length - 1)}_${digest}`;
  }
}
