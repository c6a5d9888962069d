/** The bash script of some commands: each is echoed in green as GitLab Runner does, the first that fails ends the script. */
export function bashScript(commands: readonly string[]): string {
  const lines = commands.flatMap((command) => [`printf '%s\\n' ${quoted(echoed(command))}`, command]);
  return ['exec 2>&1', 'set -eo pipefail', 'set +o noclobber', ...lines, ''].join('\n');
}

function echoed(command: string): string {
  const [first = '', ...rest] = command.trimEnd().split('\n');
  const shown = rest.length === 0 ? first : `${first} # collapsed multi-line command`;
  return `\u001b[32;1m$ ${shown}\u001b[0;m`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
