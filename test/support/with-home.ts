import { type Simulator, startSimulator } from '../../src/simulator/start-simulator.ts';
import { PrivateHome } from './private-home.ts';

/**
 * Runs `work` with a home and a model API for its servers, which must leave nothing behind in the end. When `work`
 * fails, its own error is told and not what it has left.
 */
export async function withHome(work: (home: PrivateHome, simulator: Simulator) => Promise<void>): Promise<void> {
  await using simulator = await startSimulator();
  const home = new PrivateHome();
  try {
    await work(home, simulator);
  } catch (error) {
    await home[Symbol.asyncDispose]().catch(() => {});
    throw error;
  }
  await home[Symbol.asyncDispose]();
}
