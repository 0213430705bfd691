/** Serves the page on this machine only. */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { streamSSE } from 'hono/streaming';
import type { AddressInfo } from 'node:net';
import type { Breakage } from '../pipeline/execution';
import type { Rehearsal } from '../scenario/rehearsal';
import { page } from './render';
import { snapshot } from './snapshot';

export interface Page {
  readonly url: string;
  close(): Promise<void>;
}

const MONTH = 30 * 86_400_000;

export function pageApp(rehearsal: Rehearsal, hosts: () => readonly string[]): Hono {
  const { world } = rehearsal;
  const app = new Hono();
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'unsafe-inline'"],
        scriptSrc: ["'unsafe-inline'"],
        connectSrc: ["'self'"],
        imgSrc: ['data:'],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
      referrerPolicy: 'same-origin',
    }),
  );
  // A page of another site must not reach the rehearsal, neither by a form nor by a name that resolves to this machine.
  app.use(async (context, next) => {
    const host = context.req.header('host') ?? '';
    if (!hosts().includes(host)) return context.text('this page is for this machine only', 403);
    if (context.req.method !== 'GET' && context.req.method !== 'HEAD') {
      if (context.req.header('origin') !== `http://${host}`) return context.text('only from the page itself', 403);
    }
    return next();
  });

  app.get('/', (context) => {
    context.header('cache-control', 'no-store');
    return context.html(page(snapshot(rehearsal)));
  });

  app.get('/events', (context) =>
    streamSSE(context, async (stream) => {
      let seen = '';
      while (!stream.aborted) {
        const view = snapshot(rehearsal);
        const now = JSON.stringify([view.now.slice(0, 19), view.journal.length, view.pipelines, view.alarms]);
        if (now !== seen) await stream.writeSSE({ event: 'change', data: view.now });
        seen = now;
        await stream.sleep(500);
      }
    }),
  );

  app.post('/push', async (context) => {
    const form = await context.req.parseBody();
    const message = String(form.message ?? '').slice(0, 200) || 'A change';
    rehearsal.push({ message, pipeline: String(form.pipeline), breaks: breaksOf(String(form.kind)) });
    await world.clock.settle();
    return context.redirect('/', 303);
  });

  app.post('/skip', async (context) => {
    const form = await context.req.parseBody();
    const by = Number(form.to);
    if (Number.isFinite(by)) await world.clock.advanceBy(Math.min(Math.max(by, 0), MONTH));
    else await skipToNext(rehearsal);
    return context.redirect('/', 303);
  });

  app.post('/alarm', async (context) => {
    const form = await context.req.parseBody();
    const name = String(form.name);
    if (!world.alarms.names.includes(name)) return context.text('no such alarm', 404);
    world.alarms.set(name, form.state === 'ALARM' ? 'ALARM' : 'OK', 'set by hand on the page');
    await world.clock.settle();
    return context.redirect('/', 303);
  });

  app.onError((error, context) => context.text(`The rehearsal stumbled: ${error.message}`, 500));
  return app;
}

/** Goes on until something is to be seen: an action, a mail, a shift, an alarm. */
async function skipToNext(rehearsal: Rehearsal): Promise<void> {
  const visible = (): string => {
    const { pipelines, mails, alarms } = snapshot(rehearsal);
    const actions = pipelines.flatMap((p) => p.stages.flatMap((s) => s.actions.map((a) => [a.status, a.traffic])));
    return JSON.stringify([actions, mails.length, alarms]);
  };
  const before = visible();
  const { clock } = rehearsal.world;
  await clock.runUntil(() => visible() !== before, { limit: clock.now() + MONTH });
}

/** `errors shop-prod`: what the change does, and to which function. */
function breaksOf(kind: string): Readonly<Record<string, Breakage>> | undefined {
  const [how, name] = kind.split(' ');
  return name !== undefined && (how === 'errors' || how === 'unhealthy') ? { [name]: how } : undefined;
}

export function servePage(rehearsal: Rehearsal, port: number): Promise<Page> {
  return new Promise((done, fail) => {
    let bound = port;
    const app = pageApp(rehearsal, () => [`127.0.0.1:${bound}`, `localhost:${bound}`]);
    const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (address: AddressInfo) => {
      bound = address.port;
      done({
        url: `http://127.0.0.1:${bound}/`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
    server.on('error', fail);
  });
}
