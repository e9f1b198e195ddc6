import { notChecked } from '../check';
import { httpCheck } from '../http';

/** Adminer and phpMyAdmin ask for the database's own login: whoever knows or guesses one is in. */
export const databaseAdmin = httpCheck({
  service: 'database-admin',
  name: 'Adminer, phpMyAdmin',
  recognition: {
    commandLine: /adminer|phpmyadmin/iu,
    page: /<title>[^<]{0,60}(?:Adminer|phpMyAdmin)\s*<\/title>/u,
  },
  notTried: 'accounts, with or without a password',
  request: { path: '/' },
  judge: (response) => {
    const title = /<title>([^<]{0,60}(?:Adminer|phpMyAdmin)\s*)<\/title>/u.exec(response.body)?.[1];
    // Adminer's "auth[username]", phpMyAdmin's "pma_username": a form that asks who is there.
    const asks = /name=["'](?:auth\[username\]|pma_username)["']/u.test(response.body);
    return response.status === 200 && title !== undefined && asks
      ? notChecked('needs-credentials', title.trim())
      : undefined;
  },
});
