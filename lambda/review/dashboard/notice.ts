/** What the page says after something was asked of it. */
export function noticeOf(name: string | null): string | undefined {
  return name === 'link'
    ? 'Your personal link is on its way to your mailbox. It may take a minute. Amazon SNS delivers it only if you have confirmed its subscription.'
    : undefined;
}
