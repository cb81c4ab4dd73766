/**
 * The receivers that were chosen, with their credentials: files of a directory (a mounted Secret), else the environment.
 * They are read again for each delivery, so that changed ones count without a restart.
 * Files   `webhook-key`, `slack-url`, `alertmanager-token`.
 * Errors  `usage/invalid` for an address that is none, or one that holds credentials.
 */
import { join } from 'node:path';
import { PratiqueError } from '#base';
import { readIfPresent, type World } from '#platform';
import { alertmanagerSink } from './alertmanager-sink.js';
import type { Sink } from './sink.js';
import { slackSink } from './slack-sink.js';
import { webhookSink } from './webhook-sink.js';

export interface SinkChoice {
  /** Addresses; empty for none. */
  readonly webhook: string;
  readonly alertmanager: string;
  readonly slack: boolean;
  /** Directory of files; empty for the environment alone. */
  readonly secrets: string;
}

export const sinkVariables = {
  'webhook-key': 'PRATIQUE_NOTIFY_WEBHOOK_KEY',
  'slack-url': 'PRATIQUE_NOTIFY_SLACK_URL',
  'alertmanager-token': 'PRATIQUE_NOTIFY_ALERTMANAGER_TOKEN',
} as const;

const MAX_SECRET = 16 * 1024;

/** In the order in which they are told. */
export function sinkIds({ webhook, alertmanager, slack }: SinkChoice): readonly string[] {
  return [...(webhook ? ['webhook'] : []), ...(slack ? ['slack'] : []), ...(alertmanager ? ['alertmanager'] : [])];
}

export async function openSinks(choice: SinkChoice, world: World): Promise<readonly Sink[]> {
  const secret = (name: keyof typeof sinkVariables): Promise<string | undefined> => readSecret(name, choice, world);
  const sinks: Sink[] = [];
  if (choice.webhook) {
    sinks.push(webhookSink({ url: checked(choice.webhook, '--notify-webhook'), key: await secret('webhook-key') }));
  }
  if (choice.slack) {
    const url = await secret('slack-url');
    if (!url) throw invalid(`--notify-slack: no address in the file slack-url or ${sinkVariables['slack-url']}`);
    sinks.push(slackSink(checked(url, 'the address of Slack')));
  }
  if (choice.alertmanager) {
    const url = checked(choice.alertmanager, '--notify-alertmanager');
    sinks.push(alertmanagerSink({ url, token: await secret('alertmanager-token') }));
  }
  return sinks;
}

async function readSecret(
  name: keyof typeof sinkVariables,
  { secrets }: SinkChoice,
  { env }: World,
): Promise<string | undefined> {
  const bytes = secrets ? await readIfPresent(join(secrets, name), MAX_SECRET) : undefined;
  const text = bytes ? new TextDecoder().decode(bytes) : env[sinkVariables[name]];
  return text?.trim() || undefined;
}

/** The address is never part of the message: it may be a secret itself. */
function checked(text: string, what: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw invalid(`${what} is no http or https address`);
  if (url.username || url.password) throw invalid(`${what} holds credentials; put them into --notify-secrets`);
  return text;
}

const invalid = (problem: string): PratiqueError => new PratiqueError('usage/invalid', { problem });
