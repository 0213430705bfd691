/** Which addresses may be asked. */
import dns from 'node:dns';
import { isPublicAddress, isReachableInNetwork } from '../../../../lambda/aws/measure/addresses';
import { askHttp } from '../../../../lambda/aws/measure/http-answer';
import { httpGet, httpGetWithin } from '../../../../lambda/aws/measure/http-get';
import { detour, plan, site, status, testsAskTheSite } from './http-fixture';

testsAskTheSite();

describe('what is not public is never asked', () => {
  const direct = (url: string) => askHttp({ ...plan, url, insecure: true }, {}, httpGet);

  test.each(['localhost', '127.0.0.1', '0.0.0.0', '[::1]', '[::ffff:127.0.0.1]', '2130706433'])('%s', async (host) => {
    site.answer = status(200);

    expect(await direct(`http://${host}:${site.port}/`)).toMatchObject({
      verdict: 'ERROR',
      reason: expect.stringMatching(/not a public address|not public/),
    });
    expect(site.seen).toEqual([]);
  });

  test('and no setting of the function leads around that', async () => {
    site.answer = status(200);
    const via = { GATES_HTTP_VIA: `http://127.0.0.1:${site.port}`, HTTP_PROXY: `http://127.0.0.1:${site.port}` };
    Object.assign(process.env, via);

    expect(await direct(`http://localhost:${site.port}/`)).toMatchObject({ verdict: 'ERROR' });
    expect(await direct('https://does-not-exist.invalid/')).toMatchObject({ verdict: 'ERROR' });
    expect(site.seen).toEqual([]);
    Object.keys(via).forEach((name) => delete process.env[name]);
  });

  test.each(['https://shop.example.com/', 'http://shop.example.com/'])(
    'and the guard stands where the connection to %s is made, for each connection anew',
    async (url) => {
      site.answer = status(200);
      const given = detour();

      await direct(url);

      const { options } = given[0]!;
      expect(options.agent).toBe(false);
      const resolved = await new Promise((resolve) =>
        options.lookup!('localhost', { family: 4 }, (error, address) => resolve({ name: error?.name, address })),
      );
      expect(resolved).toEqual({ name: 'NotAllowed', address: '' });
    },
  );

  describe('the guard', () => {
    const PUBLIC = { address: '8.8.8.8', family: 4 };
    const PRIVATE = { address: '10.0.0.1', family: 4 };

    /** What a connection to a name with these addresses is told. */
    async function resolved(addresses: readonly object[], options: object = {}, error: Error | null = null) {
      jest.spyOn(dns, 'lookup').mockImplementation(((
        _: string,
        asked: object,
        callback: (...answer: unknown[]) => void,
      ) => {
        expect(asked).toMatchObject({ ...options, all: true });
        callback(error, addresses);
      }) as never);
      const given = detour();
      site.answer = status(200);
      await direct('https://shop.example.com/');
      return new Promise((resolve) =>
        given[0]!.options.lookup!('shop.example.com', options, (...told) => resolve(told)),
      );
    }
    const notPublic = [expect.objectContaining({ name: 'NotAllowed' }), ''];

    test('lets public addresses through, one or all', async () => {
      expect(await resolved([PUBLIC], { family: 4 })).toEqual([null, '8.8.8.8', 4]);
      expect(await resolved([PUBLIC, PUBLIC], { all: true })).toEqual([null, [PUBLIC, PUBLIC]]);
    });

    test('refuses a name as soon as one of its addresses is not public', async () => {
      expect(await resolved([PUBLIC, PRIVATE], { all: true })).toEqual(notPublic);
      expect(await resolved([PUBLIC, PRIVATE])).toEqual(notPublic);
      expect(await resolved([PRIVATE])).toEqual(notPublic);
      expect(await resolved([])).toEqual(notPublic);
    });

    test('tells an error as it is', async () => {
      const error = new Error('ENOTFOUND');

      expect(await resolved([], {}, error)).toEqual([error, '']);
    });
  });

  test('the same server answers when the guard is out of the way', async () => {
    site.answer = status(200);
    detour();

    const reply = await httpGet(new URL('http://localhost/'), AbortSignal.timeout(1000));

    expect(reply.status).toBe(200);
  });

  test.each([
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.255.255.255',
    '169.254.169.254',
    '169.254.170.2',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:169.254.169.254',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '2001:0:1::',
    'fd00:ec2::254',
    'fe80::1',
    'ff02::1',
    'localhost',
    '',
  ])('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2600:9000::1', '2a05:d018::1'])(
    '%s is public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});

describe('in a network of the user', () => {
  const direct = (url: string) =>
    askHttp({ ...plan, url, insecure: true }, {}, httpGetWithin(isReachableInNetwork, 'public or private'));

  test.each(['10.0.0.1', '100.64.0.1', '172.16.0.1', '192.168.1.1', 'fd12:3456::1', '8.8.8.8', '2600:9000::1'])(
    '%s is reachable',
    (address) => {
      expect(isReachableInNetwork(address)).toBe(true);
    },
  );

  test.each([
    '127.0.0.1',
    '0.0.0.0',
    '169.254.169.254',
    '169.254.170.2',
    '224.0.0.1',
    '::1',
    'fe80::1',
    '::ffff:169.254.169.254',
    'fd00:ec2::254',
    'ff02::1',
    'localhost',
    '',
  ])('%s is not', (address) => {
    expect(isReachableInNetwork(address)).toBe(false);
  });

  test.each(['localhost', '127.0.0.1', '[::1]', '[fd00:ec2::254]', '169.254.169.254'])(
    '%s is not asked',
    async (host) => {
      site.answer = status(200);

      expect(await direct(`http://${host}:${site.port}/`)).toMatchObject({
        verdict: 'ERROR',
        reason: expect.stringMatching(/not a public or private address|not public or private/),
      });
      expect(site.seen).toEqual([]);
    },
  );
});
