// Brings the AWS calls of a function to the rehearsal without a socket. A call over TCP costs several times as much
// processor time, and a rehearsed day makes ten thousand of them. The function's code notices nothing: it still uses
// `request` of node:http, with the address that its environment names. Any other address goes over the network.
import { Buffer } from 'node:buffer';
import { EventEmitter } from 'node:events';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { Readable, Writable } from 'node:stream';

/** What callers may do with the socket of a request. There is none, so nothing happens. */
class NoSocket extends EventEmitter {
  connecting = false;
  setKeepAlive() {
    return this;
  }
  setNoDelay() {
    return this;
  }
  setTimeout() {
    return this;
  }
}

class Answer extends Readable {
  httpVersion = '1.1';

  constructor({ status, headers, body }) {
    super();
    this.statusCode = status;
    this.statusMessage = http.STATUS_CODES[status] ?? '';
    this.headers = headers;
    this.body = body;
  }

  _read() {
    if (this.body.length > 0) this.push(this.body);
    this.push(null);
  }
}

class Call extends Writable {
  chunks = [];
  socket = new NoSocket();

  constructor(options, send) {
    // Who destroys a request wants no answer any more; its end alone must not destroy it.
    super({ decodeStrings: false, autoDestroy: false });
    const { method = 'GET', path = '/', headers = {} } = options;
    this.asked = { method, url: path, headers: {} };
    for (const [name, value] of Object.entries(headers)) this.setHeader(name, value);
    this.send = send;
    process.nextTick(() => this.emit('socket', this.socket));
  }

  setHeader(name, value) {
    this.asked.headers[name.toLowerCase()] = String(value);
    return this;
  }

  getHeader(name) {
    return this.asked.headers[name.toLowerCase()];
  }

  removeHeader(name) {
    delete this.asked.headers[name.toLowerCase()];
  }

  setTimeout() {
    return this;
  }

  setNoDelay() {
    return this;
  }

  setSocketKeepAlive() {
    return this;
  }

  flushHeaders() {}

  abort() {
    this.destroy();
  }

  _write(chunk, encoding, done) {
    this.chunks.push(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
    done();
  }

  _final(done) {
    // A copy: a small buffer is a view of a large one, which would travel as a whole.
    const body = Uint8Array.from(this.chunks.length === 1 ? this.chunks[0] : Buffer.concat(this.chunks));
    this.send({ ...this.asked, body }, (answer) => {
      if (!this.destroyed) this.emit('response', new Answer(answer));
    });
    done();
  }
}

/** From now on, requests of `node:http` to `endpoint` go through `port`. */
export function bringCallsTo(endpoint, port) {
  const { hostname, port: number } = new URL(endpoint);
  const waiting = new Map();
  let count = 0;
  port.on('message', ({ id, answer }) => {
    const heard = waiting.get(id);
    waiting.delete(id);
    heard?.({ ...answer, body: Buffer.from(answer.body) });
  });
  const send = (request, heard) => {
    count += 1;
    waiting.set(count, heard);
    port.postMessage({ id: count, request });
  };
  const { request } = http;
  const goesHere = (options) =>
    options !== null &&
    typeof options === 'object' &&
    !(options instanceof URL) &&
    (options.hostname ?? options.host) === hostname &&
    String(options.port) === number;
  http.request = (...parameters) => {
    const [options, callback] = parameters;
    if (!goesHere(options)) return request(...parameters);
    const call = new Call(options, send);
    if (typeof callback === 'function') call.once('response', callback);
    return call;
  };
  syncBuiltinESMExports();
}
