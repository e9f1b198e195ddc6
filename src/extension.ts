import * as vscode from 'vscode';
import type { PortlightApi } from './editor/api';
import { PortlightEditor } from './editor/portlightEditor';
import { browserScheme } from './machine/browserScheme';
import { readFirewall } from './machine/firewall';
import { openMachine } from './machine/machine';
import { portBinder } from './machine/portBinder';
import { ProbeClient } from './probe/client/client';
import { findHelper } from './probe/client/launch';

/** Wires the parts; owns their disposal. Nothing is started: the first look at the machine starts its worker. */
export function activate(context: vscode.ExtensionContext): PortlightApi {
  const workerPath = context.asAbsolutePath('dist/machine-worker.js');
  const machine = openMachine({ workerPath });
  const editor = new PortlightEditor({
    machine: {
      listeners: machine.listeners,
      control: machine.processes,
      probe: browserScheme,
      binder: portBinder,
      firewall: readFirewall,
    },
    workspaceMemory: context.workspaceState,
    userMemory: context.globalState,
    helper: (log) => new ProbeClient({ launch: findHelper(context.extensionPath), log }),
    storage: context.storageUri ?? context.globalStorageUri,
    version: (context.extension.packageJSON as { version: string }).version,
    t: (message, ...args) => vscode.l10n.t(message, ...args),
  });
  context.subscriptions.push(machine, editor);
  return editor.api;
}
