import { access, constants, open, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The platform packages of `@openai/codex`, and the folder of each one's programs. */
const platforms: Record<string, { package: string; triple: string }> = {
  'linux x64': { package: '@openai/codex-linux-x64', triple: 'x86_64-unknown-linux-musl' },
  'linux arm64': { package: '@openai/codex-linux-arm64', triple: 'aarch64-unknown-linux-musl' },
  'darwin x64': { package: '@openai/codex-darwin-x64', triple: 'x86_64-apple-darwin' },
  'darwin arm64': { package: '@openai/codex-darwin-arm64', triple: 'aarch64-apple-darwin' },
};

/**
 * The native program behind a `codex` command: npm's is a Node script that only finds it and starts it, 60 ms later. A
 * command that is native already, or a script that is none of npm's, is left as it is.
 */
export async function nativeProgram(command: string): Promise<string> {
  const script = await realpath(command);
  const platform = platforms[`${process.platform} ${process.arch}`];
  if (platform === undefined || !(await isScript(script))) return command;
  for (const folder of vendorFolders(script, platform.package)) {
    const program = join(folder, platform.triple, 'bin', 'codex');
    if (await isExecutable(program)) return program;
  }
  return command;
}

function vendorFolders(script: string, packageName: string): string[] {
  const bundled = join(dirname(script), '..', 'vendor');
  try {
    return [join(dirname(createRequire(script).resolve(`${packageName}/package.json`)), 'vendor'), bundled];
  } catch {
    return [bundled];
  }
}

async function isScript(file: string): Promise<boolean> {
  await using handle = await open(file);
  const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  return buffer.toString('latin1') === '#!';
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
