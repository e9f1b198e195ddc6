import { httpCheck, jsonObject, open, record } from '../http';

/** Selenium Grid, chromedriver, geckodriver (W3C WebDriver, 8.3): who may ask for the status may begin a session. */
export const webdriver = httpCheck({
  service: 'webdriver',
  name: 'WebDriver (Selenium, chromedriver)',
  recognition: {
    processes: /^(?:chromedriver|geckodriver|msedgedriver)$/u,
    commandLine: /selenium-server\S*\.jar|org\.openqa\.grid\.selenium/u,
    ports: [4444, 9515],
  },
  notTried: 'beginning a session, pages',
  request: { path: '/status' },
  judge: (response) => {
    const value = response.status === 200 ? record(jsonObject(response.body)?.['value']) : undefined;
    return typeof value?.['ready'] === 'boolean' && typeof value['message'] === 'string'
      ? open(response)
      : undefined;
  },
});
