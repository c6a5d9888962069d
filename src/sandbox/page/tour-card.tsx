import type { State } from '../slack/types.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icons.tsx';
import type { Place } from './place.ts';
import { placeOf, type Step, tour } from './tour.ts';

interface TourProps {
  /** With every channel that the tour may lead to. */
  readonly state: State;
  readonly done: ReadonlySet<string>;
  readonly onTry: (place: Place, text: string) => void;
}

interface StepProps extends TourProps {
  readonly step: Step;
  readonly number: number;
}

function StepRow({ step, number, state, done, onTry }: StepProps) {
  const place = placeOf(step, state);
  const person = state.people.find((each) => each.id === place?.as);
  if (place === undefined || person === undefined) return null;
  const isDone = done.has(step.id);
  return (
    <li class={isDone ? 'step is-done' : 'step'}>
      <span class="step-number" aria-hidden="true">
        {isDone ? <Icon name="check" /> : number}
      </span>
      <div class="step-main">
        <p class="step-title">
          {step.title}
          {isDone && <span class="sr-only"> (done)</span>}
        </p>
        <p class="step-why">{step.why}</p>
      </div>
      <button
        type="button"
        class="step-try"
        data-testid={`tour-${step.id}`}
        onClick={() => onTry(place, place.text)}
      >
        <span class="step-who">
          <Avatar person={person} />
          {person.name} in #{step.channel}
        </span>
        <code>{place.text}</code>
      </button>
    </li>
  );
}

/** The welcome: what to try first, each step one click from being typed. */
export function TourCard(props: TourProps) {
  return (
    <section class="tour" aria-label="A tour in four steps" data-testid="tour">
      <h2>Welcome. This is the whole thing, running on your machine.</h2>
      <p class="tour-lead">
        Commands typed here are signed, checked against the policy and run as pipelines by a small GitLab next
        door. Pick a step: it sets the person, the channel and the text. You press Enter.
      </p>
      <ol>
        {tour.map((step, index) => (
          <StepRow key={step.id} {...props} step={step} number={index + 1} />
        ))}
      </ol>
    </section>
  );
}
