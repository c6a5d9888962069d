import { useContext } from 'preact/hooks';
import { Emoji } from '../emoji-art.tsx';
import { KnownHere } from '../known.ts';
import { writeDate } from '../text/dates.ts';
import { readMarkdown } from '../text/markdown.ts';
import type { Mark, Passage } from '../text/marks.ts';
import { readMrkdwn } from '../text/mrkdwn.ts';
import { readPlain } from '../text/plain.ts';
import type { Text } from './parts.ts';

/** Code up to this long is never broken over two lines. */
const wholeUpTo = 24;

type Of<Kind extends Mark['kind']> = Extract<Mark, { kind: Kind }>;

function Link({ url, label }: { readonly url: string; readonly label: string }) {
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {label}
    </a>
  );
}

function Mention({ mark }: { readonly mark: Of<'person' | 'channel' | 'group'> }) {
  const { state } = useContext(KnownHere);
  if (mark.kind === 'group') return <span class="mention">{mark.label}</span>;
  if (mark.kind === 'channel') {
    const name = state?.channels.find((each) => each.id === mark.id)?.name ?? (mark.label || mark.id);
    return <span class="mention">#{name}</span>;
  }
  const person = state?.people.find((each) => each.id === mark.id)?.name;
  const app = mark.id === state?.app.userId ? state.app.name : undefined;
  return <span class="mention">@{person ?? app ?? (mark.label || mark.id)}</span>;
}

function DateMark({ mark }: { readonly mark: Of<'date'> }) {
  const { clock } = useContext(KnownHere);
  const text = writeDate(mark.unix, mark.format, clock) || mark.fallback;
  return <time title={mark.fallback}>{mark.url === '' ? text : <Link url={mark.url} label={text} />}</time>;
}

function One({ mark }: { readonly mark: Mark }) {
  switch (mark.kind) {
    case 'text':
      return <>{mark.text}</>;
    case 'strong':
      return (
        <strong>
          <Marks marks={mark.children} />
        </strong>
      );
    case 'emphasis':
      return (
        <em>
          <Marks marks={mark.children} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Marks marks={mark.children} />
        </s>
      );
    case 'code':
      return <code class={mark.text.length <= wholeUpTo ? 'short' : ''}>{mark.text}</code>;
    case 'link':
      return <Link url={mark.url} label={mark.label} />;
    case 'date':
      return <DateMark mark={mark} />;
    case 'emoji':
      return <Emoji name={mark.name} glyph={mark.glyph} />;
    case 'break':
      return <br />;
    default:
      return <Mention mark={mark} />;
  }
}

/** A line's marks as elements. */
export function Marks({ marks }: { readonly marks: readonly Mark[] }) {
  return (
    <>
      {marks.map((mark, index) => (
        <One key={index} mark={mark} />
      ))}
    </>
  );
}

function OnePassage({ passage }: { readonly passage: Passage }) {
  if (passage.kind === 'preformatted') {
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard.
      <pre tabIndex={0}>
        <code>{passage.text}</code>
      </pre>
    );
  }
  if (passage.kind === 'quote') return <blockquote>{<Passages passages={passage.children} />}</blockquote>;
  if (passage.kind === 'list') {
    const items = passage.items.map((item, index) => (
      <li key={index}>
        <Marks marks={item} />
      </li>
    ));
    return passage.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
  }
  const marks = <Marks marks={passage.children} />;
  return passage.kind === 'heading' ? (
    <p class={`heading heading-${passage.level}`}>{marks}</p>
  ) : (
    <p>{marks}</p>
  );
}

function Passages({ passages }: { readonly passages: readonly Passage[] }) {
  return (
    <>
      {passages.map((passage, index) => (
        <OnePassage key={index} passage={passage} />
      ))}
    </>
  );
}

/** Slack's mrkdwn, drawn. */
export function Mrkdwn({ text }: { readonly text: string }) {
  return <Passages passages={readMrkdwn(text)} />;
}

/** Markdown, drawn. */
export function Markdown({ text }: { readonly text: string }) {
  return <Passages passages={readMarkdown(text)} />;
}

/** A text object, drawn as passages when it is styled, else as one line. */
export function TextView({ text }: { readonly text: Text }) {
  return text.styled ? (
    <Mrkdwn text={text.text} />
  ) : (
    <p>
      <Marks marks={readPlain(text.text)} />
    </p>
  );
}

/** A text object inside a line: a button's label, a context's words. */
export function InlineText({ text }: { readonly text: Text }) {
  if (!text.styled) return <Marks marks={readPlain(text.text)} />;
  const passages = readMrkdwn(text.text);
  const [only] = passages;
  if (passages.length === 1 && only?.kind === 'paragraph') return <Marks marks={only.children} />;
  return <Passages passages={passages} />;
}
