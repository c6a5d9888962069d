/** What a note is about. */
export interface About {
  readonly project: string;
  /** The policy folder inside the project, without slashes around it; '' for the whole. */
  readonly folder: string;
  /** The project's page, without a slash at the end; undefined where no address is known. */
  readonly page: string | undefined;
  /** The merge request's number. */
  readonly iid: number;
  /** The commits that are compared. */
  readonly source: string;
  readonly target: string;
  readonly targetBranch: string;
  /** Where the source branch left the target branch, where known. */
  readonly base: string | undefined;
}
