import { useSession } from './session';

/** What may be typed where, and what is said of it; the wrong part stands between ⟦ and ⟧. */
const TARGETS: readonly (readonly [text: string, message: RegExp])[] = [
  ['127.0.0.999', /An octet is at most 255\..*127\.0\.0\.⟦999⟧/u],
  ['10.0.0.1 1.2.3', /An IPv4 address has four parts; this has 3\..*10\.0\.0\.1 ⟦1\.2\.3⟧/u],
  ['10.0.0.9-3', /The range runs backwards: 9 is above 3\..*⟦9-3⟧/u],
  ['10.0.0.0/33', /The prefix length is a number from 0 to 32\..*10\.0\.0\.0⟦\/33⟧/u],
  ['10.0.0.0/8', /These are 16,777,216 hosts; at most 65,536 are scanned at once\./u],
  ['http://shop.example', /Type a host name or an address, not a URL\..*⟦http:\/\/⟧shop/u],
  ['localhost:80', /Ports are asked for in the next step.*localhost⟦:80⟧/u],
  ['a$b', /“\$” cannot be part of a host name\..*a⟦\$⟧b/u],
  ['fe80::1', /reached through a link: fe80::1%eth0/u],
  ['10.0.0.1 !', /A target is missing after the “!”\..*⟦!⟧/u],
  ['10.0.0.1 !10.0.0.0/24', /The exclusions leave no host\./u],
  [
    '10.0.0.1 224.0.0.1',
    /224\.0\.0\.1 is a multicast address \(RFC 5771\) and never scanned\..*⟦224\.0\.0\.1⟧/u,
  ],
  ['255.255.255.255', /a broadcast address \(RFC 919\) and never scanned/u],
  ['240.0.0.0/30', /a reserved address \(RFC 1112\) and never scanned/u],
];

const PORTS: readonly (readonly [text: string, message: RegExp])[] = [
  ['70000', /⟦70000⟧/u],
  ['20-10', /runs backwards.*⟦20-10⟧/u],
  ['80,nosuchservice', /80,⟦nosuchservice⟧/u],
  ['80;443', /80⟦;443⟧|80⟦;⟧443|⟦80;443⟧/u],
  ['X:80', /⟦X:⟧80|⟦X⟧:80|⟦X:80⟧/u],
];

describe('wrong input in the steps of a scan', () => {
  const session = useSession();

  it('is told at once, at its place, and Enter does not go on', async () => {
    const { workbench } = session();
    const { page } = workbench;
    await workbench.runCommand('Portlight: Scan Host…');
    await workbench.input.waitFor();
    await workbench.input.fill('8.8.8.8');
    // The guard knows which addresses are this machine's when the helper has started.
    await workbench.option(/1 host · you will be asked whose permission you have/u).waitFor();
    for (const [text, message] of TARGETS) {
      await workbench.input.fill(text);
      await workbench.option(message).waitFor();
      await page.keyboard.press('Enter');
      await workbench.option(message).waitFor();
    }
    await workbench.picture('wrong target');
    await workbench.answer('127.0.0.1');
    await workbench.option(/^quick/u).waitFor();
    for (const [text, message] of PORTS) {
      await workbench.input.fill(text);
      await workbench.option(message).waitFor();
      await page.keyboard.press('Enter');
      await workbench.option(message).waitFor();
    }
    // A technique without a port of its own kind cannot be taken.
    await workbench.answer('U:53');
    await workbench.option(/TCP connect/u).waitFor();
    await workbench.picture('wrong technique');
    await workbench.option(/TCP connect.*The port list holds none for this technique/u).waitFor();
    await page.keyboard.press('Escape');
  });
});
