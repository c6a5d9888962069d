/** Who the visitor acts as, and in which channel. */
export interface Place {
  readonly as: string;
  readonly channel: string;
}

/** Where a visitor starts when the address names no place. */
export const firstPlace: Place = { as: 'U0ANA', channel: 'C0OPSPROD' };

const id = /^[A-Z0-9]{1,32}$/;

/** Reads `#as=U0ANA&in=C0OPSPROD`; a part that is missing or no id falls back. */
export function readPlace(hash: string, otherwise: Place): Place {
  const parts = new URLSearchParams(hash.replace(/^#/, ''));
  const pick = (name: string, fallback: string) => {
    const value = parts.get(name) ?? '';
    return id.test(value) ? value : fallback;
  };
  return { as: pick('as', otherwise.as), channel: pick('in', otherwise.channel) };
}

/** The address part that brings a visitor back to a place. */
export function writePlace(place: Place): string {
  return `#as=${place.as}&in=${place.channel}`;
}
