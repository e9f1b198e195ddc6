import type { Translate } from '../../base/text';
import type { Owner, Process } from '../../ports/owner';
import { WEBPACK_SERVES } from '../checks/webpack-dev-server';
import type { Severity } from '../severity';
import type { Rule } from '../subject';

interface Tool {
  readonly id: string;
  readonly name: string;
  /** On the arguments joined by a blank. */
  readonly commandLine: RegExp;
  readonly severity: Severity;
  readonly consequence: (t: Translate) => string;
}

const source = (t: Translate): string =>
  t('Whoever reaches it can read the source that it serves, and what its plugins offer.');
const files = (t: Translate): string => t('Whoever reaches it can read the files of its folder.');
const application = (t: Translate): string => t('Whoever reaches it can use the application.');
const console_ = (t: Translate): string =>
  t('Whoever reaches it administers the database behind it, unless it asks for a login.');
const debugPage = (t: Translate): string => t('In debug mode its error pages can run code and tell secrets.');
const runsJobs = (t: Translate): string =>
  t('It runs what it is told to run, and by itself asks nobody who they are.');

const tool = (
  id: string,
  name: string,
  commandLine: RegExp,
  severity: Severity,
  consequence: (t: Translate) => string,
): Tool => ({ id, name, commandLine, severity, consequence });

/** What developers run. Told from the arguments alone; they say what a tool is, not whether it asks for a login. */
const tools: readonly Tool[] = [
  tool('vite', 'Vite', /(?:^|[/\s])vite(?:\.js)?(?=\s|$)(?!.*\s(?:build|preview)\b)/u, 'medium', source),
  tool('webpack', 'webpack-dev-server', WEBPACK_SERVES, 'medium', source),
  tool('next', 'Next.js (development)', /(?:^|[/\s])next(?:\.js)?\s+dev\b/u, 'medium', source),
  // The second is the process that it forks.
  tool(
    'nuxt',
    'Nuxt (development)',
    /(?:^|[/\s])nux(?:t|i)\S*\s+dev\b|@nuxt\/cli\/dist\/dev\//u,
    'medium',
    source,
  ),
  tool('astro', 'Astro (development)', /(?:^|[/\s])astro\S*\s+dev\b/u, 'medium', source),
  tool(
    'react-scripts',
    'Create React App',
    /react-scripts\S*\s+start\b|react-scripts\/scripts\/start\.js/u,
    'medium',
    source,
  ),
  tool('angular', 'Angular (development)', /(?:^|[/\s])ng(?:\.js)?\s+(?:serve|dev|s)\b/u, 'medium', source),
  tool('parcel', 'Parcel', /(?:^|[/\s])parcel(?:\.js)?(?=\s|$)/u, 'medium', source),
  tool('storybook', 'Storybook', /(?:^|[/\s])storybook\S*\s+dev\b|start-storybook/u, 'medium', source),
  tool(
    'metro',
    'Metro (React Native)',
    /react-native\S*\s+start\b|(?:^|[/\s])expo\S*\s+start\b/u,
    'medium',
    source,
  ),
  tool(
    'http-server',
    'a file server',
    /-m\s+http\.server\b|(?:^|\/)(?:http-server|live-server|serve)(?:\.js)?(?=\s|$)/u,
    'medium',
    files,
  ),
  tool('streamlit', 'Streamlit', /(?:^|[/\s])streamlit(?:\.\w+)?\s+run\b/u, 'medium', application),
  tool('php-server', 'PHP (development)', /(?:^|[/\s])php[\d.]*\s.*-S\s/u, 'medium', debugPage),
  tool('django', 'Django (development)', /manage\.py\s+runserver\b/u, 'medium', debugPage),
  tool('flask', 'Flask (development)', /(?:^|[/\s])flask\s+(?:.*\s)?run\b/u, 'medium', debugPage),
  tool('rails', 'Rails', /(?:^|[/\s])rails\s+(?:s|server)\b/u, 'medium', debugPage),
  tool('mongo-express', 'mongo-express', /mongo-express/u, 'high', console_),
  tool('redisinsight', 'RedisInsight', /redis-?insight|redis-commander/iu, 'high', console_),
  tool('adminer', 'Adminer', /adminer|phpmyadmin|pgadmin/iu, 'high', console_),
  tool('node-red', 'Node-RED', /node-red/u, 'high', runsJobs),
  tool(
    'ray',
    'Ray',
    /(?:^|\/)ray\/\S*dashboard|(?:^|\/)(?:gcs_server|raylet)(?=\s|$)|^ray::/u,
    'high',
    runsJobs,
  ),
  tool(
    'selenium',
    'Selenium',
    /selenium-server|selenium\/standalone|(?:^|[/\s])chromedriver(?=\s|$)/u,
    'high',
    runsJobs,
  ),
  tool(
    'code-server',
    'code-server without a password',
    /code-server.*--auth[ =]none|\s--without-connection-token\b/u,
    'critical',
    runsJobs,
  ),
  tool(
    'jupyter-open',
    'Jupyter without a token',
    /(?:NotebookApp|ServerApp|IdentityProvider)\.token=(?:''|"")?(?:\s|$)/u,
    'critical',
    runsJobs,
  ),
];

const toolOf = ({ commandLine }: Process): Tool | undefined => {
  const line = commandLine.join(' ');
  return tools.find((each) => each.commandLine.test(line));
};

/** `next-server (v16.4.6)`: such a title hides the arguments, which its parent still has: `next dev` or `next start`. */
function behindTitle({ commandLine }: Process, owner: Owner): Tool | undefined {
  const parent = 'parents' in owner ? owner.parents[0] : undefined;
  return parent && commandLine.length === 1 && /^next-server\b/u.test(commandLine[0] ?? '')
    ? toolOf(parent)
    : undefined;
}

/** A development server or an admin console beyond loopback. */
export const developerRule: Rule = {
  id: 'dev',
  judge: ({ process, listener, addresses, verdict }, t) => {
    if (!process || addresses.length === 0 || listener.protocol !== 'tcp') return undefined;
    // What a check found out says more than arguments.
    const told =
      verdict.kind === 'not-checked' ? verdict.reason === 'needs-credentials' : verdict.kind !== 'unknown';
    if (told) return undefined;
    const found = toolOf(process) ?? behindTitle(process, listener.owner);
    if (!found) return undefined;
    return {
      id: `dev.${found.id}`,
      severity: found.severity,
      sentence: t('{0} listens on {1}', found.name, addresses.join(', ')),
      details: [
        found.consequence(t),
        t('It is for this machine: bind it to localhost unless others shall use it.'),
      ],
    };
  },
};
