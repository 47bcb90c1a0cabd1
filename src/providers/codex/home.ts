import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GatewayError } from '../../core/error.ts';

const configuration = `# Written by clis-wrapper at every start: what else stands in here is lost.
cli_auth_credentials_store = "file"
`;

/** Codex reads these to the model, whatever it is told. */
const instructions = ['AGENTS.md', 'AGENTS.override.md'];

/** Where an account's folder is, given the folder of the server's state. */
export function codexHomeFolder(stateHome: string, account: string): string {
  return join(stateHome, 'codex', account);
}

/** The folder that Codex takes for its own: its login, and nothing of the user's own Codex. */
export class CodexHome {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Makes the folder fit for a start. Fails when it holds instructions that every model would be told. */
  async prepare(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await writeFile(join(this.folder, 'config.toml'), configuration, { mode: 0o600 });
    for (const name of instructions) {
      const isThere = await access(join(this.folder, name)).then(
        () => true,
        () => false,
      );
      if (!isThere) continue;
      const message = `The folder of the Codex login holds an ${name}, which would be told to every model: remove it.`;
      throw new GatewayError('provider-failed', message);
    }
  }
}
