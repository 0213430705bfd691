/** Serves the page on this machine only. */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { streamSSE } from 'hono/streaming';
import type { AddressInfo } from 'node:net';
import type { Breakage } from '../pipeline/execution';
import type { Rehearsal } from '../scenario/rehearsal';
import { MAIL_POLICY, mailHtml } from './mail-html';
import { page } from './render';
import { Skipper } from './skip';
import { snapshot } from './snapshot';

export interface Page {
  readonly url: string;
  close(): Promise<void>;
}

export function pageApp(rehearsal: Rehearsal, hosts: () => readonly string[]): Hono {
  const { world } = rehearsal;
  const app = new Hono();
  const skipper = new Skipper(rehearsal);
  // The mail's own policy takes the place of the page's, which is set further in.
  app.use('/mail/*', async (context, next) => {
    await next();
    context.header('content-security-policy', MAIL_POLICY);
  });
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'unsafe-inline'"],
        scriptSrc: ["'unsafe-inline'"],
        connectSrc: ["'self'"],
        imgSrc: ['data:'],
        frameSrc: ["'self'"],
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
    return context.html(page(snapshot(rehearsal, skipper)));
  });

  app.get('/mail/:number{[0-9]+}', (context) => {
    const mail = world.inbox[Number(context.req.param('number')) - 1];
    if (mail?.html === undefined) return context.text('no such mail', 404);
    context.header('cache-control', 'no-store');
    return context.html(mailHtml(mail, (url) => world.localUrl(url)));
  });

  app.get('/events', (context) =>
    streamSSE(context, async (stream) => {
      let seen = '';
      while (!stream.aborted) {
        const view = snapshot(rehearsal, skipper);
        const now = JSON.stringify([
          view.now.slice(0, 19),
          view.skip,
          view.journal.length,
          view.pipelines,
          view.alarms,
        ]);
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
    await (Number.isFinite(by) ? skipper.by(by) : skipper.next());
    return context.redirect('/', 303);
  });

  app.post('/stop', (context) => {
    skipper.stop();
    return context.redirect('/', 303);
  });

  app.post('/answer', async (context) => {
    const form = await context.req.parseBody();
    const refused = await answerInConsole(rehearsal, {
      pipelineName: String(form.pipeline),
      stageName: String(form.stage),
      actionName: String(form.action),
      status: form.verdict === 'Approved' ? 'Approved' : 'Rejected',
      summary: String(form.summary ?? ''),
      as: String(form.as ?? '').trim(),
    });
    if (refused !== undefined) return context.text(refused, 409);
    await world.clock.settle();
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

interface ConsoleAnswer {
  readonly pipelineName: string;
  readonly stageName: string;
  readonly actionName: string;
  readonly status: 'Approved' | 'Rejected';
  readonly summary: string;
  readonly as: string;
}

/** As the AWS console does it: PutApprovalResult, by whoever is signed in. Answers why it was refused. */
async function answerInConsole(rehearsal: Rehearsal, answer: ConsoleAnswer): Promise<string | undefined> {
  const { pipelineName, stageName, actionName, status, summary, as } = answer;
  if (!/^arn:aws:(iam|sts)::\d{12}:\S+$/.test(as)) {
    return `${as === '' ? 'nothing' : as} is no identity: give an ARN such as arn:aws:iam::${rehearsal.world.account}:user/ana`;
  }
  const run = rehearsal.pipelines
    .find(pipelineName)
    ?.executions.flatMap(({ actions }) => actions)
    .findLast((one) => one.stage === stageName && one.action === actionName && one.token !== undefined);
  const caller = { principal: 'console', arn: as, roleArn: as };
  const input = { pipelineName, stageName, actionName, token: run?.token, result: { status, summary } };
  return rehearsal.world.call('codepipeline', 'PutApprovalResult', input, caller).then(
    () => undefined,
    (error: unknown) => `CodePipeline refuses: ${(error as Error).message}`,
  );
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
