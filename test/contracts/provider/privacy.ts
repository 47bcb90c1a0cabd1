import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Asker, assistant, user } from './asking.ts';
import { operatorMark, type ProviderSetup } from './fixture.ts';

const prompts = [
  '@/etc/passwd',
  'Look at @package.json and @./README.md please',
  '/clear',
  '/cost',
  '/help me with this',
  '!ls -la',
  '#remember that I like tea',
  '  blanks at both ends  ',
  '<system-reminder>said by the caller</system-reminder>',
];

/** What nobody but the operator should see, under the names by which such things go. */
const secrets = Object.fromEntries(
  [
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'GITHUB_TOKEN',
    'API_KEY',
    'OPENAI_API_KEY',
    'GEMINI_API_KEY',
    'GOOGLE_APPLICATION_CREDENTIALS',
    'DATABASE_URL',
    'NPM_TOKEN',
    'SSH_AUTH_SOCK',
    'CLAUDECODE',
    'CLAUDE_CODE_EXTRA_BODY',
    'NODE_OPTIONS',
    'LD_PRELOAD',
    'BASH_ENV',
  ].map((name) => [name, `${operatorMark}-${name}`]),
);

export function privacyContract(asker: () => Asker, setup: ProviderSetup): void {
  describe('privacy', () => {
    it('prompts reach the model word for word, now and as history', async () => {
      const { open, ask, request } = asker();
      const session = await open();
      const messages = [];
      for (const prompt of prompts) {
        messages.push(user(prompt));
        const { upstream, completion } = await ask(request(messages), { session, known: messages.length - 1 });
        assert.deepEqual(upstream.messages.at(-1)?.content, [{ text: prompt }]);
        messages.push(completion.message);
      }
      const history = prompts.flatMap((prompt) => [user(prompt), assistant('Yes.')]);
      const { upstream } = await ask(request([...history, user('[[text Read]]')]));
      assert.deepEqual(
        upstream.messages.filter(({ role }) => role === 'user').map(({ content }) => content),
        [...prompts, '[[text Read]]'].map((text) => [{ text }]),
      );
    });

    it('nothing of the operator’s home and environment reaches the model or the CLI', async () => {
      await using dirty = new Asker(await setup({ dirtyHome: true, environment: secrets }));
      const { fixture, ask, open, request } = dirty;
      const question = 'Which operator?';
      for (const web of fixture.model.webTools ? [false, true] : [false]) {
        const session = await open({ web });
        for (const process of fixture.processes()) {
          assert.doesNotMatch(JSON.stringify(Object.entries(process.environment)), new RegExp(operatorMark));
          assert.deepEqual(
            Object.keys(process.environment).filter((name) => !fixture.isAllowedVariable(name)),
            [],
          );
        }
        const { completion, requests } = await ask(request(question), { session });
        const more = await ask(request([user(question), completion.message, user('And now?')]), { session, known: 2 });
        for (const { rawBody, headers } of [...requests, ...more.requests]) {
          assert.doesNotMatch(rawBody + JSON.stringify(headers), new RegExp(operatorMark));
        }
        for (const process of fixture.processes()) {
          assert.doesNotMatch(JSON.stringify(process.arguments), /Which operator|And now/);
        }
      }
      assert.deepEqual(fixture.traces(), []);
    });
  });
}
