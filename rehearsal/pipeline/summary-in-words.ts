/** What people read of the summary of an action: of a connection's, which is JSON, the message of the commit alone. */
export function summaryInWords(summary: string): string {
  try {
    const { ProviderType: provider, CommitMessage: message } = JSON.parse(summary) as Record<string, unknown>;
    return typeof provider === 'string' && typeof message === 'string' ? message : summary;
  } catch {
    return summary;
  }
}
