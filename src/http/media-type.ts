/** Type and character set of a `Content-Type` header, in lower case. */
export interface MediaType {
  readonly type: string;
  /** Empty when it is not said. */
  readonly charset: string;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const wholeType = new RegExp(`^${token}/${token}$`);
const wholeParameter = new RegExp(`^(${token})=(?:(${token})|"([^"\\\\]*)")$`);

/** Reads a `Content-Type` (https://www.rfc-editor.org/rfc/rfc9110#name-media-type); undefined when it is none. */
export function readMediaType(header: string | undefined): MediaType | undefined {
  const [type = '', ...parameters] = (header ?? '').split(';').map((piece) => piece.trim());
  if (!wholeType.test(type)) return undefined;
  const read = parameters.filter((each) => each !== '').map((each) => wholeParameter.exec(each));
  if (read.some((each) => each === null)) return undefined;
  const charset = read.find((each) => each?.[1]?.toLowerCase() === 'charset');
  return { type: type.toLowerCase(), charset: (charset?.[2] ?? charset?.[3] ?? '').toLowerCase() };
}

/** Whether a body with this header is of that type, in UTF-8. */
export function isOfType(header: string | undefined, type: string): boolean {
  const media = readMediaType(header);
  return media?.type === type && ['', 'utf-8', 'utf8'].includes(media.charset);
}
