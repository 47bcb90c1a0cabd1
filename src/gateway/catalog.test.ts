import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ScriptedProvider, scriptedModel } from '../../test/support/scripted-provider.ts';
import type { ProviderState, ProviderStatus } from '../providers/provider.ts';
import { Catalog } from './catalog.ts';

function catalogOf(...providers: ScriptedProvider[]) {
  const told: string[] = [];
  const catalog = new Catalog(providers, (provider, status) => told.push(`${provider.id} ${status.state}`));
  return { catalog, told };
}

describe('Catalog', () => {
  it('routes a name to the provider that knows it, by id or alias, and looks once', async () => {
    const [one, two] = [new ScriptedProvider('one'), new ScriptedProvider('two')];
    two.models = [{ ...scriptedModel, id: 'model-2', aliases: ['other'] }];
    const { catalog } = catalogOf(one, two);
    assert.equal((await catalog.route('model-1')).provider, one);
    const route = await catalog.route('other');
    assert.equal(route.provider, two);
    assert.equal(route.account, 'default');
    assert.equal(route.model.id, 'model-2');
    await catalog.route('other');
    assert.deepEqual([one.inspections, two.inspections], [1, 1]);
  });

  it('tells of each change once', async () => {
    const provider = new ScriptedProvider();
    const { catalog, told } = catalogOf(provider);
    await Promise.all([catalog.inspect(), catalog.inspect(), catalog.route('model-1')]);
    assert.equal(provider.inspections, 1, 'who comes while it looks waits for the same look');
    await catalog.inspect();
    provider.status = { state: 'signed-out', advice: 'Sign in.' };
    await catalog.inspect();
    assert.deepEqual(told, ['scripted ready', 'scripted signed-out']);
  });

  it('knows aliases that a provider learns only by its first look', async () => {
    class Late extends ScriptedProvider {
      override model(name: string) {
        return this.inspections > 0 ? super.model(name) : undefined;
      }
    }
    const provider = new Late();
    assert.equal((await catalogOf(provider).catalog.route('model')).model.id, 'model-1');
  });

  it('says why a provider cannot answer, and what to do about it', async () => {
    const kinds: Record<Exclude<ProviderState, 'ready'>, string> = {
      missing: 'provider-missing',
      outdated: 'provider-outdated',
      'signed-out': 'provider-signed-out',
      failed: 'provider-failed',
    };
    for (const [state, kind] of Object.entries(kinds)) {
      const provider = new ScriptedProvider();
      provider.status = { state: state as ProviderState, advice: 'Do this.' };
      await assert.rejects(catalogOf(provider).catalog.route('model-1'), { kind, message: 'Do this.' });
    }
  });

  it('takes a look that fails for a provider that cannot answer', async () => {
    class Broken extends ScriptedProvider {
      override inspect(): Promise<ProviderStatus> {
        throw new Error('secret');
      }
    }
    const { catalog, told } = catalogOf(new Broken('broken'));
    await assert.rejects(catalog.route('model-1'), { kind: 'provider-failed', message: /^(?!.*secret)/ });
    assert.deepEqual(told, ['broken failed']);
    assert.deepEqual(catalog.models, []);
  });

  it('looks again at a provider that was not ready, a while later', async (test) => {
    test.mock.timers.enable({ apis: ['Date'], now: 1_000_000 });
    const provider = new ScriptedProvider();
    provider.status = { state: 'missing', advice: 'Install it.' };
    const { catalog } = catalogOf(provider);
    await assert.rejects(catalog.route('model-1'));
    provider.status = { state: 'ready' };
    await assert.rejects(catalog.route('model-1'), { kind: 'provider-missing' });
    test.mock.timers.setTime(1_000_000 + 10_000);
    assert.equal((await catalog.route('model-1')).provider, provider);
    assert.equal(provider.inspections, 2);
  });

  it('takes a provider that was ready for ready until it is told to look', async (test) => {
    test.mock.timers.enable({ apis: ['Date'], now: 1_000_000 });
    const provider = new ScriptedProvider();
    const { catalog } = catalogOf(provider);
    await catalog.route('model-1');
    test.mock.timers.setTime(1_000_000_000);
    await catalog.route('model-1');
    assert.equal(provider.inspections, 1);
  });

  it('says that a model does not exist, and which were close', async () => {
    const { catalog } = catalogOf(new ScriptedProvider());
    await assert.rejects(catalog.route('modle-1'), { kind: 'model-not-found', param: 'model', message: /model-1/ });
    await assert.rejects(catalog.route('zzzzzzzzzz'), { kind: 'model-not-found', message: /\/v1\/models/ });
    await assert.rejects(catalog.route('x'.repeat(10_000)), (error: Error) => error.message.length < 500);
  });

  it('passes on a name that may be a newer or an older model, and answers a misspelt one with those that are near', async () => {
    class Prefixed extends ScriptedProvider {
      override models = ['vendor-opus-5-5', 'vendor-sonnet-5', 'vendor-tiny-3'].map((id) => ({
        ...scriptedModel,
        id,
        aliases: [id.split('-')[1] as string],
      }));
      override model(name: string) {
        const listed = super.model(name);
        return listed ?? (name.startsWith('vendor-') ? { ...scriptedModel, id: name, aliases: [] } : undefined);
      }
    }
    const { catalog } = catalogOf(new Prefixed());
    const possible = [
      'vendor-opus-5-2-20270101',
      'vendor-opus-4-20250514',
      'vendor-3-7-sonnet-latest',
      'vendor-sonnet-6',
      'vendor-opus-5-5[1m]',
      'vendor-fable-1',
      'vendor-opus-mini-6',
      'vendor-tidy-3-pro',
    ];
    for (const name of possible) assert.equal((await catalog.route(name)).model.id, name);
    const misspelt: [name: string, meant: string][] = [
      ['vendor-opsu', 'vendor-opus-5-5'],
      ['vendor-sonet-5', 'vendor-sonnet-5'],
      ['vendor-4-sonnett', 'vendor-sonnet-5'],
    ];
    for (const [name, meant] of misspelt) {
      const near = { kind: 'model-not-found', param: 'model', message: new RegExp(`mean ${meant}`) };
      await assert.rejects(catalog.route(name), near, name);
      await assert.rejects(catalog.model(name), near, name);
    }
    for (const name of ['opus', 'vendor-tiny-3', 'vendor-opus-4-20250514', 'vendor-3-7-sonnet-latest']) {
      assert.ok(await catalog.model(name), name);
    }
    for (const name of ['vendor-made-up', 'vendor-fable-1', 'elsewhere-1']) {
      await assert.rejects(catalog.model(name), { kind: 'model-not-found', param: 'model' }, name);
    }
  });

  it('describes no model of a provider that cannot answer, and any name of one that gives no list', async () => {
    const provider = new ScriptedProvider();
    provider.status = { state: 'signed-out', advice: 'Sign in.' };
    await assert.rejects(catalogOf(provider).catalog.model('model'), { kind: 'provider-signed-out' });
    class Listless extends ScriptedProvider {
      override async inspect() {
        return { ...(await super.inspect()), models: [] };
      }
    }
    assert.equal((await catalogOf(new Listless()).catalog.model('model')).id, 'model-1');
  });

  it('lists the models of the providers that are ready', async () => {
    const [ready, missing] = [new ScriptedProvider('ready'), new ScriptedProvider('missing')];
    missing.status = { state: 'missing' };
    const { catalog } = catalogOf(ready, missing);
    assert.deepEqual(catalog.models, []);
    await catalog.inspect();
    assert.deepEqual(catalog.models, [scriptedModel]);
  });
});
