import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refuseFetch } from './web-guard.ts';

describe('refuseFetch', () => {
  it('lets public addresses through', async () => {
    for (const url of [
      'https://1.1.1.1/',
      'http://8.8.8.8:8080/x?y',
      'https://[2606:4700:4700::1111]/',
      'http://172.32.0.1',
    ]) {
      assert.equal(await refuseFetch(url), undefined, url);
    }
  });

  it('refuses whatever leads into this machine, its networks or a cloud, however it is spelt', async () => {
    const urls = [
      'http://127.0.0.1/',
      'http://127.9.9.9:8000/',
      'http://2130706433/',
      'http://0x7f.1/',
      'http://0177.0.0.1/',
      'http://0.0.0.0/',
      'http://10.1.2.3/',
      'http://172.16.0.1/',
      'http://172.31.255.255/',
      'http://192.168.1.1/',
      'http://169.254.169.254/latest/meta-data/',
      'http://100.100.100.200/',
      'http://168.63.129.16/',
      'http://224.0.0.1/',
      'http://255.255.255.255/',
      'http://[::1]/',
      'http://[::]/',
      'http://[::ffff:127.0.0.1]/',
      'http://[::ffff:a00:1]/',
      'http://[64:ff9b::7f00:1]/',
      'http://[2002:7f00:1::]/',
      'http://[fe80::1]/',
      'http://[fd00::1]/',
      'http://[ff02::1]/',
      'http://localhost:3000/',
      'http://LOCALHOST./',
      'http://user:pass@127.0.0.1/',
    ];
    for (const url of urls) assert.ok(await refuseFetch(url), url);
  });

  it('refuses what is no web address', async () => {
    for (const url of [
      'file:///etc/passwd',
      'ftp://1.1.1.1/',
      'data:text/plain,x',
      'not a url',
      '',
      undefined,
      7,
      {},
    ]) {
      assert.ok(await refuseFetch(url), String(url));
    }
  });

  it('refuses a host that has no address', { timeout: 30_000 }, async () => {
    assert.ok(await refuseFetch('http://no-such-host.invalid/'));
  });
});
