/** Origin and path of an address, without what follows `?` or `#`. */
const partsOf = (address: string): { readonly origin: string; readonly pieces: readonly string[] } => {
  const [, origin = '', path = ''] = /^(https?:\/\/[^/?#\\]+)([^?#]*)/.exec(address) ?? [];
  return { origin, pieces: (path === '' ? '/' : path).split('/') };
};

const decoded = (piece: string | undefined): string | undefined => {
  try {
    return piece === undefined ? undefined : decodeURIComponent(piece);
  } catch {
    return piece;
  }
};

/** As the most generous server reads it: dots, slashes and percent signs decoded as often as it goes. */
const mostDecoded = (piece: string): string => {
  const next = piece.replace(/%(?:2e|2f|5c|25)/gi, decodeURIComponent);
  return next === piece ? piece : mostDecoded(next);
};

/** `.` and `..` lead elsewhere: https://url.spec.whatwg.org/#double-dot-path-segment */
const leadsElsewhere = (piece: string): boolean =>
  mostDecoded(piece)
    .split(/[/\\]/)
    .some((name) => name === '.' || name === '..');

/** Whether an address that was filled with values is still the declared one: the same origin, and each piece of the path in its place, none of them gone. */
export const staysDeclared = (declared: string, filled: string): boolean => {
  const [wanted, given] = [partsOf(declared), partsOf(filled)];
  if (!URL.canParse(wanted.origin) || !URL.canParse(filled)) return false;
  const { origin, username, password, pathname } = new URL(filled);
  if (origin !== new URL(wanted.origin).origin || username !== '' || password !== '') return false;
  const called = pathname.split('/');
  return given.pieces.every(
    (piece, at) =>
      decoded(piece) === decoded(called[at]) &&
      (piece === '') === (wanted.pieces[at] === '') &&
      !leadsElsewhere(piece),
  );
};
