/** The fields of a form, or why it is not one. */
export type Form =
  | { readonly ok: true; readonly fields: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly because: string };

const broken = (because: string): Form => ({ ok: false, because });

/** Reads `application/x-www-form-urlencoded` strictly: nothing is guessed, mended or overwritten (https://url.spec.whatwg.org/#application/x-www-form-urlencoded). */
export function readForm(body: Uint8Array): Form {
  const text = utf8(body);
  if (text === undefined) return broken('the body is not UTF-8');
  const fields = new Map<string, string>();
  for (const pair of text.split('&').filter((each) => each !== '')) {
    const at = pair.indexOf('=');
    const name = percentDecoded(at < 0 ? pair : pair.slice(0, at));
    const value = percentDecoded(at < 0 ? '' : pair.slice(at + 1));
    if (name === undefined || value === undefined) {
      return broken('a field has a broken percent-encoding or is not UTF-8');
    }
    if (fields.has(name)) return broken(`the field ${JSON.stringify(name.slice(0, 40))} is there twice`);
    fields.set(name, value);
  }
  return { ok: true, fields };
}

function utf8(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
