/** Light or dark letters: whichever reads better on a colour written `#rrggbb`; light when it is written otherwise. */
export function lettersOn(color: string): 'light' | 'dark' {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color.trim());
  if (found === null) return 'light';
  const [red = 0, green = 0, blue = 0] = found.slice(1).map((pair) => {
    const share = Number.parseInt(pair, 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  // Relative luminance (https://www.w3.org/TR/WCAG21/#dfn-relative-luminance): 0.18 is equally far from both.
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? 'dark' : 'light';
}

/** One or two letters that stand for a person's name. */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => word !== '');
  const first = [...(words[0] ?? '?')][0] ?? '?';
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
  return (first + last).toUpperCase();
}
