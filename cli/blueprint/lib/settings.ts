/** What differs from one such app to the next. The values are in settings.json. */
import values from '../settings.json';

export interface Settings {
  /** First part of the names in all accounts. */
  readonly service: string;
  /** Where pipeline and approvals live. */
  readonly pipeline: { readonly account: string; readonly region: string };
  /** In the order in which a change meets them. People approve before the last one. */
  readonly stages: readonly Target[];
  /** Where this app is, and the branch that is released. */
  readonly repository: string;
  readonly branch: string;
  /** Made once in the console of the pipeline's account: Developer Tools, Settings, Connections. */
  readonly connectionArn: string;
  /** Email addresses. */
  readonly approvers: readonly string[];
  /** How many of the approvers have to approve. */
  readonly approvals: number;
}

export interface Target {
  /** Stage of the pipeline. */
  readonly name: string;
  readonly account: string;
  readonly region: string;
}

export const settings: Settings = values;
