import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { shared } from '../support/gateway-process.ts';
import { commandFields, formOf, type SlackRequest, signed, unsigned } from '../support/slack-request.ts';
import { type Back, readAnswer } from './answers.ts';
import type { Attempt, Delivered } from './ledgers.ts';
import type { Sending } from './traffic.ts';

/** Slack waits three seconds: https://docs.slack.dev/interactivity/implementing-slash-commands */
const patienceMs = 3000;

/** A load balancer that cannot connect tries another instance. */
const connectTries = 40;
const connectPauseMs = 100;

/** How often a request without an answer is delivered anew, the very same bytes, to another instance. */
const redeliveries = 2;

/** One delivery over a connection of its own. Never rejects. */
export const deliverOnce = (url: string, { method, path, headers, body }: SlackRequest): Promise<Back> =>
  new Promise((resolve) => {
    let connected = false;
    const length = { 'content-length': body.length };
    const outgoing = request(`${url}${path}`, { method, agent: false, headers: { ...headers, ...length } });
    const none = (problem: string): void => {
      resolve({ status: 'none', connected, problem });
      outgoing.destroy();
    };
    const timer = setTimeout(() => none(`no answer within ${patienceMs} ms`), patienceMs);
    outgoing.on('socket', (socket) => {
      socket.once('connect', () => {
        connected = true;
      });
    });
    outgoing.on('error', (error) => none(error.message));
    outgoing.on('close', () => clearTimeout(timer));
    outgoing.on('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('error', (error) => none(error.message)).on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        if (!answer.complete) none('the answer was cut off');
        else resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
      });
    });
    outgoing.end(body);
  });

/** The signed request of a command. The same command of the same campaign has the same trigger id, as a redelivery has. */
export const requestFor = (sending: Sending, campaign: string): SlackRequest => {
  const { user, channel, text, tag, kind } = sending;
  const by = { team: 'T0SANDBOX', user, channel };
  const fields = { ...commandFields(by, text), trigger_id: `t.${campaign}.${tag}` };
  const secret = kind === 'forged' ? `${shared.signingSecret}-not` : shared.signingSecret;
  return signed(unsigned(formOf(fields)), secret);
};

/** Delivers one command until somebody answered it or there is no more use in trying. */
export const deliver = async (
  sending: Sending,
  urls: readonly string[],
  campaign: string,
): Promise<Delivered> => {
  const { tag, kind, text, user } = sending;
  const request = requestFor(sending, campaign);
  const attempts: Attempt[] = [];
  let [unanswered, unconnected] = [0, 0];
  for (let instance = sending.instance; ; instance = (instance + 1) % urls.length) {
    const told = readAnswer(await deliverOnce(urls[instance] ?? '', request));
    attempts.push({ instance, ...told });
    if (told.said === 'unknown') unanswered += 1;
    else if (told.said === 'not sent') unconnected += 1;
    else break;
    if (unanswered > redeliveries || unconnected > connectTries) break;
    if (told.said === 'not sent') await pause(connectPauseMs);
  }
  return { tag, kind, text, user, attempts };
};

/** Delivers all commands, each at its moment; resolves when the last was answered or given up. */
export const deliverAll = async (
  sendings: readonly Sending[],
  urls: readonly string[],
  campaign: string,
): Promise<readonly Delivered[]> => {
  const began = performance.now();
  const deliveries: Promise<Delivered>[] = [];
  for (const sending of sendings) {
    await pause(Math.max(0, sending.at - (performance.now() - began)));
    deliveries.push(deliver(sending, urls, campaign));
  }
  return Promise.all(deliveries);
};
