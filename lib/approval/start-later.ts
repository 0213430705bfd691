/** Whether approvers may choose when their approval takes effect. */
export class StartLater {
  /**
   * The review page offers a date and a time beside the answer, on the clock of the workflow's `timeZone`, or in UTC. Empty means at once.
   *
   * The approval counts from the moment when it is given, and the gate opens no earlier than the latest time that its approvers chose.
   * Until then, any approver may reject, and whoever approved may choose another time: an email says when it goes ahead, unless that is
   * within the hour. At that time the gate is judged anew: votes have
   * to count, checks have to be healthy, `window` and `freezes` have to be open. A time has to be at least five minutes before the
   * gate's deadline.
   */
  public static allowed(): StartLater {
    return new StartLater();
  }

  private constructor() {}
}
