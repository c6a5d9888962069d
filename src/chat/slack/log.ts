/** Where the Slack adapter says what people cannot see in chat: constant message, changing facts in the fields. */
export interface Log {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}
