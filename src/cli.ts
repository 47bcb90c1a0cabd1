#!/usr/bin/env node
const neededNode = 24;

if (Number(process.versions.node.split('.')[0]) < neededNode) {
  console.error(
    `clis-wrapper needs Node ${neededNode} or newer, this is ${process.versions.node}: see https://nodejs.org.`,
  );
  process.exitCode = 1;
} else {
  // Loaded only now: an older Node may not even be able to read it.
  const { run } = await import('./commands/program.ts');
  await run(process.argv.slice(2));
}
