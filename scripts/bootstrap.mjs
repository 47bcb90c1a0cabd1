// Runs a program of this repository: `node scripts/bootstrap.mjs [--with <folder>]… <file or node option> …`. First it
// installs what is missing, here and in each folder named by --with. Needs npm and nothing else, on any Node from the
// oldest below on: the Node that the project runs on comes with the packages.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const binaries = join(root, 'node_modules', '.bin');
const oldestNode = 18;
const neededNode = 24;
/** What the packages take on Linux; other systems differ a little. */
const packagesSize = 'about 200 MB to download, 550 MB on disk';

/** True when an install has come to its end in the folder, and has put there what the lockfile says today. */
export function isInstalled(folder) {
  const wanted = readJson(join(folder, 'package-lock.json'))?.packages ?? {};
  // npm's own list, written when all is done.
  const present = readJson(join(folder, 'node_modules', '.package-lock.json'))?.packages;
  if (present === undefined) return false;
  return Object.entries(wanted).every(([name, { version, optional }]) => {
    // A package for another system is in the lockfile only.
    if (name === '' || (optional && !(name in present))) return true;
    const found = readJson(join(folder, name, 'package.json'));
    return found !== undefined && (version === undefined || found.version === version);
  });
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

async function install(folder) {
  // npm is about to replace the programs in there: it must not run on one of them.
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => resolve(entry) !== binaries);
  const code = await run('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: folder,
    env: { ...process.env, PATH: path.join(delimiter) },
  });
  if (code === 0) return;
  if (code > 128) process.exit(code);
  fail(`Installing the packages of ${folder} failed: see npm's message above, then run the same command again.`);
}

/** The exit code of a program that gets our terminal and our signals; 128 and the signal's number when one ended it. */
function run(command, args, options) {
  const child = spawn(command, args, { stdio: 'inherit', ...options });
  const forward = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  return new Promise((done) => {
    child.once('error', (error) => fail(`${command} could not be started: ${error.message}.`));
    child.once('exit', (code, signal) => {
      for (const name of signals) process.off(name, forward);
      done(code ?? 128 + constants.signals[signal]);
    });
  });
}

/** A Node that is new enough: the one we run on, else the one among our packages. */
function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= neededNode) return process.execPath;
  const own = join(root, 'node_modules', 'node', 'bin', 'node');
  if (existsSync(own)) return own;
  return fail(`Node ${neededNode} or newer is needed, this is ${process.versions.node}: see https://nodejs.org.`);
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

async function main(args) {
  if (Number(process.versions.node.split('.')[0]) < oldestNode) {
    fail(`Node ${oldestNode} or newer is needed, this is ${process.versions.node}: see https://nodejs.org.`);
  }
  if (process.platform === 'win32') fail('clis-wrapper runs on Linux and macOS; on Windows start it inside WSL2.');
  const more = [];
  while (args[0] === '--with') more.push(args.splice(0, 2)[1]);
  const needed = [{ folder: root, what: 'the packages that clis-wrapper needs', size: packagesSize }];
  for (const name of more) {
    const folder = join(root, name);
    const size = readJson(join(folder, 'package.json'))?.size;
    needed.push({ folder, what: `the CLIs that the tests run, in ${name}`, size });
  }
  const missing = needed.filter(({ folder }) => !isInstalled(folder));
  // All that is to come is said before the first of it begins.
  for (const { what, size } of missing)
    console.log(`Installing ${what} (${['once', size].filter(Boolean).join(', ')}) …`);
  for (const { folder } of missing) await install(folder);
  const env = { ...process.env, PATH: [binaries, process.env.PATH].join(delimiter) };
  process.exitCode = await run(findNode(), args, { env });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
