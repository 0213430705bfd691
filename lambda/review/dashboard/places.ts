/** Where the dashboard is. */
export const ROOT = '/dashboard';

/** Who types the name of the host alone wants the dashboard. */
export function isOfDashboard(path: string): boolean {
  return path === '/' || path === ROOT || path.startsWith(`${ROOT}/`);
}
