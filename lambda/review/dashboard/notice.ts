/** What the page says after something was asked of it. */
export function noticeOf(name: string | null): string | undefined {
  switch (name) {
    case 'link':
      return 'Your personal link is on its way to your mailbox. It may take a minute. Amazon SNS delivers it only if you have confirmed its subscription.';
    case 'away':
      return 'Your absence is being recorded. It counts once both of you have an email about it, in a minute or so.';
    case 'back':
      return 'Your absence is being ended. You both get an email about it in a minute or so.';
    default:
      return undefined;
  }
}
