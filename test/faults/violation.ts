/**
 * A promise that was broken. `lost`: accepted, and nothing is known of it; `duplicate`: more than one pipeline or run for one
 * command; `unauthorised`: something came of a command that was not allowed; `false word`: what people were told is not so;
 * `unfinished`: not at an end although all is quiet; `two ends`: one end told, another reached; `untold`: chat never heard the end; `unrecorded`: an effect without its lines
 * in the audit before it; `chain`: an audit file that is not whole; `other input`: not what was decided; `unreadable`: the check
 * itself did not understand what it saw.
 */
export type Broken =
  | 'lost'
  | 'duplicate'
  | 'unauthorised'
  | 'false word'
  | 'unfinished'
  | 'two ends'
  | 'untold'
  | 'unrecorded'
  | 'chain'
  | 'other input'
  | 'unreadable';

export interface Violation {
  readonly broken: Broken;
  /** The tag, run or pipeline it is about. */
  readonly of: string;
  readonly words: string;
}

export const violation = (broken: Broken, of: string, words: string): Violation => ({ broken, of, words });
