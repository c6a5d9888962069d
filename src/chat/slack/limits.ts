/**
 * Slack's limits in UTF-16 units unless said otherwise: https://docs.slack.dev/reference/block-kit/blocks and
 * https://docs.slack.dev/reference/block-kit/composition-objects
 */
export const limits = {
  blocks: 50,
  sectionText: 3000,
  contextText: 3000,
  fields: 10,
  fieldText: 2000,
  actions: 25,
  buttonText: 75,
  buttonValue: 2000,
  url: 3000,
  actionId: 255,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  /** `chat.update` refuses more with msg_too_long; a new message may have more. */
  text: 4000,
  /** All blocks as JSON. Slack refuses with msg_blocks_too_long somewhere above 13,200 (https://github.com/slackapi/bolt-js/issues/2509). */
  message: 12_000,
} as const;

/** How much of a reply is shown before it turns into a wall of words; ours, not Slack's. */
export const taste = {
  stages: 8,
  jobsPerStage: 6,
  linksPerRow: 5,
  fields: 20,
  /** What a notification shows of the reply. */
  notification: 900,
} as const;
