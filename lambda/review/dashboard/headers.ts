/** Headers of the dashboard's pages: as everywhere, with its own style and script allowed. */
import { headersFor } from '../headers';
import { STYLE } from '../style';
import { DASHBOARD_SCRIPT } from './script';
import { DASHBOARD_STYLE } from './style';

export const HEADERS = headersFor([STYLE, DASHBOARD_STYLE], [DASHBOARD_SCRIPT]);
