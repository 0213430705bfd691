// Lets every request of a function that would leave this machine be answered by the rehearsal. The function's code notices
// nothing: it asks https://shop.example.com by `node:https`, and its own rules for addresses stay in force.
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import { urlToHttpOptions } from 'node:url';

const THIS_MACHINE = new Set(['localhost', '127.0.0.1', '::1', '[::1]']);

/** All that `request(url, options, callback)` and `request(options, callback)` may be given, as options and callback. */
function asOptions(parameters) {
  const [first, second] = parameters;
  const callback = parameters.find((parameter) => typeof parameter === 'function');
  if (typeof first !== 'string' && !(first instanceof URL)) {
    return { options: first ?? {}, callback };
  }
  const more = typeof second === 'object' ? second : {};
  return { options: { ...urlToHttpOptions(new URL(first)), ...more }, callback };
}

/** The host that is asked, as its own server would be told. */
function withHost(headers, host, port) {
  const isSaid = Object.keys(headers).some((name) => name.toLowerCase() === 'host');
  return isSaid ? headers : { ...headers, host: port ? `${host}:${port}` : host };
}

/** From now on, requests to other machines go to the server at `address`: those of `node:http`, `node:https` and `fetch`. */
export function bringWebTo(address) {
  const { hostname, port } = new URL(address);
  const overHttp = http.request;
  for (const client of [http, https]) {
    const direct = client.request;
    client.request = (...parameters) => {
      const { options, callback } = asOptions(parameters);
      const host = options.hostname ?? options.host ?? 'localhost';
      if (THIS_MACHINE.has(host)) {
        return direct(...parameters);
      }
      const headers = withHost(options.headers ?? {}, host, options.port);
      const detour = { ...options, protocol: 'http:', host: hostname, hostname, port, agent: undefined, headers };
      return overHttp(detour, callback);
    };
    client.get = (...parameters) => {
      const request = client.request(...parameters);
      request.end();
      return request;
    };
  }
  syncBuiltinESMExports();
  bringFetchTo(address);
}

/** `fetch` sets the host header by itself: who is asked stands in a header of the rehearsal's. */
function bringFetchTo(address) {
  const { fetch: direct, Request } = globalThis;
  globalThis.fetch = async (...parameters) => {
    const request = new Request(...parameters);
    const asked = new URL(request.url);
    if (THIS_MACHINE.has(asked.hostname)) {
      return direct(...parameters);
    }
    const detour = new Request(new URL(`${asked.pathname}${asked.search}`, address), request);
    detour.headers.set('x-rehearsal-host', asked.host);
    return direct(detour);
  };
}
