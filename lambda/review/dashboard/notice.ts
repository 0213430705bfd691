/** What the page says after something was asked of it. */
const NOTICES = {
  link: 'Your personal link is on its way to your mailbox. It may take a minute.',
} as const;

export type Notice = (typeof NOTICES)[keyof typeof NOTICES];

export function noticeOf(name: string | null): Notice | undefined {
  return name === 'link' ? NOTICES.link : undefined;
}
