/** The text outside of inline code, by the rule of https://spec.commonmark.org/0.31.2/#code-spans; what was code is `§`. */
export const outsideCode = (line: string): string => {
  let rest = line;
  let out = '';
  for (;;) {
    const open = /(?<!`)(`+)(?!`)/.exec(rest);
    const fence = open?.[1];
    if (open === null || fence === undefined) return out + rest;
    const after = rest.slice(open.index + fence.length);
    const close = new RegExp(`(?<!\`)${fence}(?!\`)`).exec(after);
    out += rest.slice(0, open.index);
    if (close === null) {
      out += fence;
      rest = after;
    } else {
      out += '§';
      rest = after.slice(close.index + fence.length);
    }
  }
};

const ourTags = /<\/?(?:details|summary|sub)>/g;

/** What of a note of ours would do more than be read: each with its line. */
export const dangers = (note: string, page: string): readonly string[] => {
  const [marker, commits, ...lines] = note.split('\n');
  const ourLink = new RegExp(`\\[§\\]\\(${page}/-/blob/[0-9a-f]{40}/[A-Za-z0-9%._/-]*#L\\d+\\)`, 'g');
  const found = lines.flatMap((line) => {
    const outside = outsideCode(line).replace(ourLink, '§').replace(ourTags, '');
    return [
      ...(/^\s*\//.test(line) ? [`quick action: ${line}`] : []),
      ...(/[@<>[\]~$!]|:\/\/|www\./.test(outside) ? [`markup: ${line}`] : []),
      ...(/[\r\u2028\u2029\u202a-\u202e\u2066-\u2069]/.test(line) ? [`unseen: ${line}`] : []),
      ...(line.includes('<!--') ? [`comment: ${line}`] : []),
    ];
  });
  const outside = lines.map(outsideCode).join('\n');
  const balanced =
    outside.split('<details>').length === outside.split('</details>').length
      ? []
      : ['details are not closed'];
  const headed =
    marker === '<!-- chatops-policy-review -->' &&
    /^<!-- source [0-9a-f]+ target [0-9a-f]+ -->$/.test(commits ?? '')
      ? []
      : ['the marker is not where it belongs'];
  const long = note.length < 30_000 ? [] : [`${note.length} characters`];
  return [...found, ...balanced, ...headed, ...long];
};
