/**
 * Slack's published limits, in characters unless the name says otherwise
 * (https://docs.slack.dev/reference/block-kit/blocks, https://docs.slack.dev/reference/block-kit/composition-objects).
 */
export const limits = {
  blocksPerMessage: 50,
  sectionText: 3000,
  sectionFields: 10,
  sectionField: 2000,
  header: 150,
  noteElements: 10,
  noteText: 3000,
  actionsElements: 25,
  buttonText: 75,
  controlValue: 2000,
  url: 3000,
  identifier: 255,
  overflowOptions: 5,
  optionText: 75,
  optionValue: 150,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  markdown: 12_000,
  imageAltText: 2000,
  imageTitle: 2000,
  /** Longer texts of new messages are cut here, not refused (https://docs.slack.dev/changelog/2018-04-truncating-really-long-messages). */
  text: 40_000,
  /** `chat.update` refuses longer texts with `msg_too_long`. */
  updatedText: 4000,
  /** What all blocks of a message may weigh together; undocumented, measured by users (https://github.com/slackapi/bolt-js/issues/2509). */
  blocksTotal: 13_200,
  /** What each block weighs beside its text, from the same measurements. */
  blockWeight: 125,
  responseUrlUses: 5,
  responseUrlMinutes: 30,
  /** An app's answer to a slash command or a press is late after this many milliseconds. */
  answerWithin: 3000,
  /** What a person can type into one message. */
  typedText: 4000,
} as const;
