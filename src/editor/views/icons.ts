import type { BindScope } from '../../ports/endpoint';
import type { Icon } from './look';

/** How far a bind reaches. The row's words say the same. */
export const SCOPE_ICONS: Readonly<Record<BindScope, Icon>> = {
  loopback: { id: 'home', color: 'charts.green' },
  address: { id: 'location', color: 'charts.blue' },
  wildcard: { id: 'globe', color: 'charts.yellow' },
};
