import { after, afterEach, before, describe } from 'node:test';
import { answersContract } from './provider/answers.ts';
import { Asker } from './provider/asking.ts';
import { endingsContract } from './provider/endings.ts';
import { failuresContract } from './provider/failures.ts';
import type { ProviderSetup } from './provider/fixture.ts';
import { historyContract } from './provider/history.ts';
import { privacyContract } from './provider/privacy.ts';
import { settingsContract } from './provider/settings.ts';
import { toolsContract } from './provider/tools.ts';
import { webContract } from './provider/web.ts';

/** What every provider promises, shown with its real CLI; each provider's test calls it with its own setup. */
export function providerContract(name: string, setup: ProviderSetup, options: { skip: string | false }): void {
  describe(`provider ${name}`, { skip: options.skip, timeout: 240_000 }, () => {
    let shared: Asker | undefined;
    const asker = () => {
      if (shared === undefined) throw new Error('the provider is not set up');
      return shared;
    };
    before(async () => {
      shared = new Asker(await setup({}));
    });
    afterEach(() => shared?.tidy());
    after(async () => {
      await shared?.[Symbol.asyncDispose]();
    });

    answersContract(asker);
    historyContract(asker);
    toolsContract(asker);
    settingsContract(asker);
    webContract(asker);
    failuresContract(asker, setup);
    endingsContract(asker);
    privacyContract(asker, setup);
  });
}
