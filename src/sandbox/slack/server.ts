import { type FastifyInstance, fastify } from 'fastify';
import { registerAssets } from './assets.ts';
import { createDelivery } from './delivery.ts';
import { createExchanges } from './exchanges.ts';
import { addFaults } from './faults/faults.ts';
import { limits } from './limits.ts';
import { registerPage } from './page.ts';
import { createPageEvents, type PageEvents } from './page-events.ts';
import { createRate, type Rate } from './rate.ts';
import { registerResponding } from './responding.ts';
import { createResponseUrls } from './response-urls.ts';
import type { Exchange, Message, State } from './types.ts';
import type { AppSide } from './typing.ts';
import { registerWebApi } from './web-api.ts';
import { createWorkspace } from './workspace.ts';

/** How to start the sandbox's Slack. */
export interface SlackOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** An unguessable word of letters, digits, `-` and `_`, at least 20 of them, new at every call. */
  readonly random: () => string;
  /** Where the app is, without a path; asked at every delivery. */
  readonly gatewayUrl: () => string;
  readonly signingSecret: string;
  readonly botToken: string;
  /** The folder of the built page: index.html, main.js, style.css. */
  readonly assetsDir: string;
  readonly links: State['links'];
  readonly suggestions: State['suggestions'];
  /** Where the app reaches this Slack, for response_urls; default: where it listens. */
  readonly publicUrl?: string;
  /** How fast messages may come per channel; default 30 at once, then 1 a second. */
  readonly rate?: Rate | 'off';
  /** Milliseconds an app has for its answer; default 3000. */
  readonly answerWithin?: number;
  /** `on`: `PUT /-/sandbox/faults` and `GET /-/sandbox/ledger` exist, and 100,000 messages are kept instead of 5,000. */
  readonly faults?: 'on' | 'off';
}

/** A running Slack. */
export interface SlackSandbox {
  /** The page; the Web API is under `${url}/api/`. */
  readonly url: string;
  /** All messages of all channels, with ephemeral and deleted ones, oldest first. */
  messages(): readonly Message[];
  /** What this person sees, oldest first. */
  messagesFor(personId: string): readonly Message[];
  /** The last 200 exchanges with the app, oldest first. */
  exchanges(): readonly Exchange[];
  /** Resolves when every typed command and press so far was answered or given up. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the sandbox's Slack: Web API, response_urls and the page on one address. */
export async function startSlack(options: SlackOptions): Promise<SlackSandbox> {
  const { now, random } = options;
  const own = { url: options.publicUrl ?? '' };
  const faults = options.faults === 'on';
  const workspace = createWorkspace(now, random, faults ? { keep: 100_000 } : {});
  const exchanges = createExchanges([options.botToken, options.signingSecret]);
  const responseUrls = createResponseUrls(now, random);
  const answerWithin = options.answerWithin ?? limits.answerWithin;
  const delivery = createDelivery({ ...options, answerWithin, exchanges });
  const events = createPageEvents(workspace, exchanges);
  const background = createBackground();
  const ownUrl = () => own.url;
  const appSide: AppSide = { workspace, delivery, responseUrls, ownUrl, ...tokens(options) };
  const takePlace = createRate(options.rate ?? { burst: 30, perSecond: 1 }, now);
  const app = createApp(events);
  if (faults) addFaults(app, workspace);
  const page = { links: options.links, suggestions: options.suggestions, inBackground: background.add };
  await app.register((scope) =>
    registerWebApi(scope, { ...options, workspace, exchanges, takePlace, ownUrl }),
  );
  await app.register((scope) => registerResponding(scope, { workspace, responseUrls, exchanges, now }));
  await app.register((scope) => registerPage(scope, { appSide, exchanges, events, ...page }));
  registerAssets(app, options.assetsDir);
  const url = await listen(app, options);
  own.url = (options.publicUrl ?? url).replace(/\/$/, '');
  return {
    url,
    messages: workspace.messages,
    messagesFor: workspace.visibleTo,
    exchanges: exchanges.list,
    settled: background.settled,
    async close() {
      await delivery.close();
      await background.settled();
      await app.close();
    },
  };
}

function createApp(events: PageEvents): FastifyInstance {
  const app = fastify({ logger: false, forceCloseConnections: true, bodyLimit: 1024 * 1024 });
  app.addHook('preClose', async () => events.close());
  return app;
}

async function listen(app: FastifyInstance, { host, port }: SlackOptions): Promise<string> {
  await app.listen({ host, port });
  const address = app.server.address();
  const taken = typeof address === 'object' && address !== null ? address.port : port;
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${taken}`;
}

function tokens({ now, random }: SlackOptions): Pick<AppSide, 'verificationToken' | 'triggerId' | 'now'> {
  return { verificationToken: random().slice(0, 24), triggerId: () => `${now()}.1000.${random()}`, now };
}

function createBackground() {
  const underWay = new Set<Promise<void>>();
  return {
    add(work: Promise<void>) {
      const done = work.finally(() => underWay.delete(done));
      underWay.add(done);
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
