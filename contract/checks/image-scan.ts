import type { FindingsRule } from './findings';
import type { CheckTiming } from './timing';

export interface ImageScanCheckPlan extends CheckTiming, FindingsRule {
  readonly kind: 'imageScan';
  readonly repositoryArn: string;
  readonly image: ImageOfRun;
  /** How the registry is said to scan. */
  readonly scanning: 'BASIC' | 'ENHANCED';
  /** A scan that is not repeated by itself may be so many seconds old. */
  readonly maxAge: number;
}

/** Which image of the repository belongs to a run. */
export type ImageOfRun = ImageTaggedByRevision | ImageInVariable;

export interface ImageTaggedByRevision {
  readonly by: 'REVISION';
  /** The source artifact whose revision it is. Absent = the run has one source alone. */
  readonly artifact?: string;
  /** What stands before the revision in the tag. */
  readonly prefix: string;
  /** So many characters of the revision are in the tag. Absent = all. */
  readonly length?: number;
}

export interface ImageInVariable {
  readonly by: 'VARIABLE';
  /** The action that gives the variable out. */
  readonly stage: string;
  readonly action: string;
  readonly variable: string;
}
