import type { Arguments } from './arguments.ts';
import type { Context } from './context.ts';
import type { ExitCode } from './exit-codes.ts';

/** What a command does. Without an exit code it ends with 0. */
export type Run = (context: Context, values: Arguments) => Promise<ExitCode | void>;

export interface OptionDefinition {
  /** such as `--name NAME`; with `...` behind it may be given several times */
  readonly flags: string;
  readonly description: string;
  readonly required?: true;
  readonly choices?: readonly string[];
  readonly defaultValue?: string;
}

export interface CommandDefinition {
  readonly verb: string;
  /** such as `ID` or `FILE...` */
  readonly operands?: readonly { readonly name: string; readonly description: string }[];
  readonly description: string;
  readonly options?: readonly OptionDefinition[];
  /** Loads the code of the command when it is called and no sooner: most calls need one of them. */
  readonly load: () => Promise<Run>;
}

export interface NounDefinition {
  readonly noun: string;
  readonly description: string;
  readonly commands: readonly CommandDefinition[];
}
