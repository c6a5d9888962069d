import { createContext } from 'preact';

/** What a control of one message can do, and how often that message has changed. */
export interface Pressing {
  /** False when the sandbox did not take the press. `option` is a menu's choice. */
  readonly press: (blockId: string, actionId: string, option?: string) => Promise<boolean>;
  readonly changes: number;
}

/** The message that the controls below belong to. */
export const PressingHere = createContext<Pressing>({ press: async () => false, changes: 0 });
