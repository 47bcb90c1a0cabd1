import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { isLoopbackAddress, reachableAddresses, reaches } from './own-addresses.ts';

const network = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
const foreign = network.filter(({ internal }) => !internal).map(({ address }) => address);

test('an address that is called is ours where we listen on it', () => {
  for (const [called, bound] of [
    ['127.0.0.1', '127.0.0.1'],
    ['0.0.0.0', '127.0.0.1'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['::ffff:7f00:1', '127.0.0.1'],
    ['::1', '::1'],
    ['::', '::1'],
    ['127.0.0.5', '0.0.0.0'],
    ['0.0.0.0', '0.0.0.0'],
    ['127.0.0.1', '::'],
    ['::1', '::'],
  ] as const) {
    assert.ok(reaches(called, bound), `${called} on ${bound}`);
  }
  for (const address of foreign) assert.ok(reaches(address, '::'), address);
});

test('an address that is called is not ours where we do not listen on it', () => {
  for (const [called, bound] of [
    ['127.0.0.2', '127.0.0.1'],
    ['::1', '127.0.0.1'],
    ['::', '127.0.0.1'],
    ['::1', '0.0.0.0'],
    ['127.0.0.1', '::1'],
    ['203.0.113.7', '0.0.0.0'],
    ['2001:db8::7', '::'],
  ] as const) {
    assert.ok(!reaches(called, bound), `${called} on ${bound}`);
  }
  for (const address of foreign) assert.ok(!reaches(address, '127.0.0.1'), address);
});

test('other machines reach what is bound to the network, and nothing that is bound to loopback', () => {
  for (const bound of ['127.0.0.1', '127.0.0.9', '::1']) assert.deepEqual(reachableAddresses(bound), [], bound);
  assert.deepEqual(reachableAddresses('192.168.1.9'), ['192.168.1.9']);
  const plain = foreign.filter((address) => !address.includes(':'));
  assert.deepEqual(reachableAddresses('0.0.0.0'), plain);
  assert.deepEqual(
    reachableAddresses('::'),
    foreign.filter((address) => !address.startsWith('fe80')),
  );
});

test('loopback is what only this machine can call', () => {
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) assert.ok(isLoopbackAddress(address));
  for (const address of ['0.0.0.0', '::', '128.0.0.1', '127.0.0.1.example']) assert.ok(!isLoopbackAddress(address));
});
