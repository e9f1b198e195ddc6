#!/usr/bin/env node
// An executable that takes the command line of `code`, for @vscode/test-electron's vscodeExecutablePath.
import { tsImport } from 'tsx/esm/api';

const { main } = await tsImport('./code-cli.ts', import.meta.url);
await main(process.argv.slice(2));
