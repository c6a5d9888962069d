/** A checked value of an input. Integers and numbers are finite. */
export type InputValue = string | number | boolean;

/** A command's checked input: every declared name that was given or has a default. This very object is decided on and sent. */
export type Input = Readonly<Record<string, InputValue>>;

interface Common {
  readonly name: string;
  readonly description?: string;
  readonly required: boolean;
}

/** Any text, or one of some options. */
export interface StringInput extends Common {
  readonly type: 'string';
  readonly default?: string;
  readonly options?: readonly string[];
  /** Source of an anchored, linear-time pattern; `matches` decides with it. */
  readonly pattern?: string;
  readonly matches?: (value: string) => boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** A whole number or any finite one. */
export interface NumberInput extends Common {
  readonly type: 'integer' | 'number';
  readonly default?: number;
  readonly options?: readonly number[];
  readonly min?: number;
  readonly max?: number;
}

/** Yes or no. */
export interface BooleanInput extends Common {
  readonly type: 'boolean';
  readonly default?: boolean;
}

/** A declared input. Required when it has no default and is not marked `required: false`. */
export type InputSpec = StringInput | NumberInput | BooleanInput;
