/** The parts of a parsed template. Lines are 1-based, for messages. */
export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly line: number; readonly pipe: Pipe }
  | Control
  | { readonly kind: 'template'; readonly line: number; readonly name: string; readonly pipe?: Pipe }
  | { readonly kind: 'break'; readonly line: number }
  | { readonly kind: 'continue'; readonly line: number };

export interface Control {
  readonly kind: 'if' | 'with' | 'range';
  readonly line: number;
  readonly pipe: Pipe;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}

export interface Pipe {
  readonly line: number;
  /** Variables that take the value, with their `$`. */
  readonly names: readonly string[];
  readonly declares: boolean;
  readonly commands: readonly (readonly Operand[])[];
}

interface Place {
  readonly fields: readonly string[];
  readonly line: number;
}

export type Operand = FunctionOperand | VariableOperand | (Term & Place);

export interface VariableOperand extends Place {
  readonly kind: 'variable';
  readonly name: string;
}

export interface FunctionOperand extends Place {
  readonly kind: 'function';
  readonly name: string;
}

type Term =
  | { readonly kind: 'dot' }
  | { readonly kind: 'nil' }
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'pipe'; readonly pipe: Pipe };

export interface Template {
  readonly main: readonly Node[];
  readonly named: ReadonlyMap<string, readonly Node[]>;
  /** Names of the functions it calls, with the line of the first call. */
  readonly functions: ReadonlyMap<string, number>;
}

/** What is wrong, and where. */
export class TemplateError extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.name = 'TemplateError';
    this.line = line;
  }
}
