import { createTidemark, type Tidemark } from '@tidemark/client';
import { type Argument, Command, Option } from 'commander';
import { EXIT, type ExitCode } from './cli-error.ts';
import { type KeyRole, resolvePlatform, resolveTarget, type Target, type TargetOptions } from './resolve-target.ts';
import { toCliError } from './to-cli-error.ts';

/** A call of a command: what was given, and a client for whom it is about. */
export type Call<Flags> = {
  readonly args: readonly string[];
  readonly flags: Flags & TargetOptions;
  readonly target: Target;
  readonly tidemark: Tidemark;
};

export type CommandSpec<Flags> = {
  readonly name: string;
  readonly description: string;
  /** Which key of the credentials file it takes where none is given. */
  readonly role: KeyRole;
  /** Set where it is not about one tenant. */
  readonly isForAll?: true;
  /** Set where every tenant is told the same, so that none has to be named. */
  readonly isAnyTenant?: true;
  readonly arguments?: readonly Argument[];
  readonly options?: readonly Option[];
  /** What there is to know besides the options. */
  readonly notes?: string;
  readonly examples: readonly [string, ...string[]];
  /** How it ends when the server cannot be asked. Default: 1. */
  readonly exitCodeOfFailure?: ExitCode;
  readonly run: (call: Call<Flags>) => Promise<void>;
};

export type CliCommand = (parent: Command) => void;

/** A command that asks a server: the same options, help and errors as all others. */
export function defineCommand<Flags extends object = object>(spec: CommandSpec<Flags>): CliCommand {
  return (parent) => {
    const command = parent.command(spec.name).description(spec.description);
    for (const argument of spec.arguments ?? []) command.addArgument(argument);
    for (const option of [...(spec.options ?? []), ...targetOptions(spec.isForAll === true)]) command.addOption(option);
    command.addHelpText('after', toHelp(spec));
    command.action(async () => {
      const flags = command.opts<Flags & TargetOptions>();
      let target: Target | undefined;
      try {
        target = await (spec.isForAll ? resolvePlatform(flags) : resolveTarget(flags, spec.role, spec.isAnyTenant));
        await spec.run({ args: command.args, flags, target, tidemark: createTidemark(target) });
      } catch (error) {
        throw toCliError(error, target?.url ?? '', spec.exitCodeOfFailure ?? EXIT.failed);
      }
    });
  };
}

export type GroupSpec = Pick<CommandSpec<object>, 'name' | 'description' | 'examples'> & {
  readonly commands: readonly CliCommand[];
};

/** Commands under one name: `tidemark keys list`. */
export function defineGroup({ name, description, commands, ...help }: GroupSpec): CliCommand {
  return (parent) => {
    const group = new Command(name).description(description).copyInheritedSettings(parent);
    for (const add of commands) add(group);
    parent.addCommand(group.addHelpText('after', toHelp(help)));
  };
}

function targetOptions(isForAll: boolean): Option[] {
  return [
    ...(isForAll ? [] : [new Option('--tenant <slug>', 'the tenant; needed where there are several')]),
    new Option('--url <url>', 'the server (else TIDEMARK_URL, else the local one)'),
    new Option('--key <key>', "a key for it (else TIDEMARK_KEY, else the local server's)"),
  ];
}

function toHelp<Flags>({ notes, examples }: Pick<CommandSpec<Flags>, 'notes' | 'examples'>): string {
  const lines = examples.map((example) => `  tidemark ${example}`);
  return ['', ...(notes === undefined ? [] : [notes.trim(), '']), 'Examples:', ...lines, ''].join('\n');
}
