/** Somebody who looks at the dashboard, however they got there. */
import type { Person } from '../../../contract/policy';
import type { ViewerWish } from '../../domain/sign-in';
import type { Html } from '../markup';
import type { Answer } from '../reply';
import type { ErrandRow } from './errand-row';

export interface Viewer {
  readonly me: Person;
  /** Everybody whom the workflow knows, for their names. */
  readonly people: readonly Person[];
  /** How they leave, beside their name. */
  readonly exit: Html;
  /** The row by which they ask `decide` for something. */
  asks(wish: ViewerWish, about: string): ErrandRow;
}

export type Admission =
  { readonly kind: 'VIEWER'; readonly viewer: Viewer } | { readonly kind: 'REFUSED'; readonly answer: Answer };

/** The way in. */
export interface Entrance {
  admit(): Promise<Admission>;
  /** What belongs to this way alone, such as the pages to sign in; undefined for whatever it does not know. */
  answer(route: string): Promise<Answer | undefined>;
}
