import type { Configuration } from '../configuration';
import { accountConfigurations } from './accounts';
import { developerConfigurations } from './developer';
import { fakeConfigurations } from './fakes';
import { fakeWebConfigurations } from './fakesWeb';
import { legacyConfigurations } from './legacy';
import { messagingConfigurations } from './messaging';
import { redisConfigurations } from './redis';
import { storeConfigurations } from './stores';
import { webConfigurations } from './web';

/** Everything that the checks are tried against. */
export const configurations: readonly Configuration[] = [
  ...redisConfigurations,
  ...storeConfigurations,
  ...messagingConfigurations,
  ...webConfigurations,
  ...legacyConfigurations,
  ...developerConfigurations,
  ...accountConfigurations,
  ...fakeConfigurations,
  ...fakeWebConfigurations,
];
