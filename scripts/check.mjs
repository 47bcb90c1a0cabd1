// `npm run check`: everything that can be said of the sources without running them. All of it runs, so that one call
// shows all there is to repair.
import { spawnSync } from 'node:child_process';

const checks = [['tsc'], ['biome', 'check', '--error-on-warnings'], ['knip']];

const failed = checks.filter(([command, ...args]) => {
  console.log(`> ${[command, ...args].join(' ')}`);
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error) console.error(error.message);
  return status !== 0;
});
if (failed.length > 0) {
  console.error(`Failed: ${failed.map(([command]) => command).join(', ')}`);
  process.exitCode = 1;
}
