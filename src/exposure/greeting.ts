import { latin1 } from './bytes';
import { listen, notChecked, undecided, type Check, type Recognition } from './check';

/** A service of lines that is only identified: it greets, and who may log in is not tried. */
export function greetingCheck(definition: {
  readonly service: string;
  readonly name: string;
  readonly recognition: Recognition & { readonly greeting: RegExp };
  readonly notTried: string;
}): Check {
  return {
    ...definition,
    transport: 'tcp',
    tls: 'never',
    start: () =>
      listen((reply) => {
        const line = /^([^\r\n]{3,400})\r?\n/u.exec(latin1(reply.bytes))?.[1];
        if (line === undefined) return 'more';
        return definition.recognition.greeting.test(`${line}\r\n`)
          ? notChecked('needs-credentials', line)
          : undecided('unexpected-reply', undefined, line);
      }),
  };
}
