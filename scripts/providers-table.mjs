// What the provider contract found, as a table: a row for each promise, a column for each provider.
const title = /^provider (.+)$/;
const lossMark = 'loss: ';

/** Gathers the contract's tests from the events of a test run. */
export class ProvidersTable {
  #columns = new Map();
  #open = new Map();

  /** A test or a suite has ended; `nesting` counts from 0. */
  ended({ entryFile, nesting, name, ok }) {
    const open = this.#of(entryFile);
    if (nesting === 2) open.cells.push({ name, ok, losses: [] });
    else if (nesting === 1) open.groups.push({ name, cells: open.cells.splice(0) });
    else if (nesting === 0) {
      const [, provider] = title.exec(name) ?? [];
      if (provider !== undefined) this.#columns.set(provider, open.groups);
      this.#open.delete(entryFile);
    }
  }

  /** A test has said something: it comes right behind the test's end. */
  said({ entryFile, nesting, message }) {
    if (nesting === 2 && message.startsWith(lossMark)) {
      this.#of(entryFile).cells.at(-1)?.losses.push(message.slice(lossMark.length));
    }
  }

  get isEmpty() {
    return this.#columns.size === 0;
  }

  /** The table with its footnotes as Markdown. */
  toMarkdown() {
    const providers = [...this.#columns.keys()].sort();
    const notes = new Map();
    const lines = [];
    for (const [group, names] of this.#rows()) {
      lines.push(
        '',
        `## ${capitalised(group)}`,
        '',
        row(['', ...providers]),
        row(['---', ...providers.map(() => ':-:')]),
      );
      for (const name of names) {
        const cells = providers.map((provider) => this.#cell(provider, group, name, notes));
        lines.push(row([name, ...cells]));
      }
    }
    const footnotes = [...notes].map(([text, number]) => `${number}. ${text}`);
    return [...lines, ...(footnotes.length > 0 ? ['', '## Notes', '', ...footnotes] : []), ''].join('\n');
  }

  #cell(provider, group, name, notes) {
    const cell = this.#columns
      .get(provider)
      .find((candidate) => candidate.name === group)
      ?.cells.find((candidate) => candidate.name === name);
    if (cell === undefined) return 'not run';
    if (!cell.ok) return 'FAILED';
    const numbers = cell.losses.map((loss) => {
      const text = `${provider}: ${loss}`;
      if (!notes.has(text)) notes.set(text, notes.size + 1);
      return notes.get(text);
    });
    return numbers.length === 0 ? 'yes' : `note ${numbers.join(', ')}`;
  }

  /** Group by group, the names of all tests in the order in which they ran. */
  #rows() {
    const rows = new Map();
    for (const groups of this.#columns.values()) {
      for (const { name, cells } of groups) {
        const names = rows.get(name) ?? new Set();
        for (const cell of cells) names.add(cell.name);
        rows.set(name, names);
      }
    }
    return rows;
  }

  /** Suites are told apart by the file that was run: the tests themselves stand in files that all of them share. */
  #of(entryFile) {
    if (!this.#open.has(entryFile)) this.#open.set(entryFile, { groups: [], cells: [] });
    return this.#open.get(entryFile);
  }
}

function row(cells) {
  return `| ${cells.join(' | ')} |`;
}

function capitalised(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
