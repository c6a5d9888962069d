import type { User } from '../world.ts';
import { type Html, html } from './html.ts';
import { personSwitch } from './parts.ts';

/** What is around every page. */
export interface Frame {
  readonly title: string;
  /** Where the page stands: label and address, outermost first. */
  readonly trail: readonly (readonly [label: string, address: string])[];
  readonly people: readonly User[];
  readonly visitor: User;
  /** Path of this page, to come back to after switching the person. */
  readonly here: string;
  /** Address that answers `{ html }` for the part that renews itself; absent when the page stands still. */
  readonly live?: string;
}

const sheets = ['frame', 'pipeline', 'lists', 'log', 'merge-request', 'diff', 'prose'];

/** A whole page. `body` is the part that renews itself when the frame has a live address. */
export function layout(frame: Frame, body: Html): string {
  const { title, trail, people, visitor, here, live } = frame;
  const crumb = ([label, address]: readonly [string, string]): Html =>
    html`<a href="${address}">${label}</a>`;
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${title}</title>
  <link rel="icon" href="/-/web/icon.svg" type="image/svg+xml">
  ${sheets.map((name) => html`<link rel="stylesheet" href="/-/web/${name}.css">`)}
  <script src="/-/web/page.js" defer></script>
</head>
<body>
  <header class="top">
    <a class="home" href="/"><span class="mark" aria-hidden="true"></span>Sandbox CI</a>
    <nav class="trail" aria-label="Where you are">${trail.map(crumb)}</nav>
    ${personSwitch(people, visitor, here)}
  </header>
  <main${live && html` data-live="${live}"`}>${body}</main>
  <footer>A small GitLab that speaks its REST API and really runs the jobs. Nothing here leaves this machine.</footer>
</body>
</html>
`.markup;
}
