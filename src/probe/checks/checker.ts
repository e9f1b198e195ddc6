import { checkForOrder } from '../../exposure/choose';
import type { ServiceChecker } from '../../exposure/model';
import { runCheck } from './run';

/** Runs checks in this process: the helper, and the commands that judge this machine. */
export function localChecker(onFault: (error: unknown) => void): ServiceChecker {
  return {
    check: async (order, signal) => {
      const check = checkForOrder(order);
      if (!check) throw new Error(`There is no check of ${order.service} over ${order.transport}`);
      return await runCheck(check, order, { signal, onFault });
    },
  };
}
