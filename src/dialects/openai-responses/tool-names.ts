/** What a tool is called on the wire: tools may stand in a named group, and one tool has an item type of its own. */
export interface WireName {
  name: string;
  namespace?: string;
  /** The caller's own search for more tools: its calls are `tool_search_call` items. */
  search?: true;
}

/** Flat names for the tools of one request, each used once, and the way back. */
export class ToolNames {
  readonly #wires = new Map<string, WireName>();
  readonly #flats = new Map<string, string>();

  /** Gives a tool its flat name; undefined when the tool has one already. */
  declare(wire: WireName): string | undefined {
    const key = keyOf(wire);
    if (this.#flats.has(key)) return undefined;
    const wanted = join(wire);
    let flat = wanted;
    for (let count = 2; this.#wires.has(flat); count += 1) flat = `${wanted}_${count}`;
    this.#flats.set(key, flat);
    this.#wires.set(flat, wire);
    return flat;
  }

  /** The flat name of a tool, whether it was declared or only called in an earlier answer. */
  flat(wire: WireName): string {
    return this.#flats.get(keyOf(wire)) ?? join(wire);
  }

  has(wire: WireName): boolean {
    return this.#flats.has(keyOf(wire));
  }

  /** What the caller calls the tool of this flat name. */
  wire(flat: string): WireName {
    return this.#wires.get(flat) ?? { name: flat };
  }
}

function join({ name, namespace }: WireName): string {
  if (namespace === undefined) return name;
  return namespace.endsWith('__') ? `${namespace}${name}` : `${namespace}__${name}`;
}

function keyOf({ name, namespace, search }: WireName): string {
  return JSON.stringify([name, namespace ?? null, search === true]);
}
