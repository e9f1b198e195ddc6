// One full look at this machine, as JSON on standard output: for looks as another user, or in another namespace.
import { LinuxReader } from '../../../src/machine/linux/reader';

const reader = new LinuxReader();
console.log(JSON.stringify(reader.refresh('full')));
reader.close();
