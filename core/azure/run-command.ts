import { computeClient } from './clients.ts';
import { type Connection, pollOptions } from './connection.ts';
import { azureCall } from './errors.ts';
import { parseResourceId } from './resource-id.ts';

/** What a script in a guest has said. Azure keeps the last 4096 bytes of each output. */
export interface GuestScriptResult {
  readonly succeeded: boolean;
  /** Azure's one line on how it ended. */
  readonly summary: string;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a shell script as root in a running Linux machine, by its agent (Azure's run command): one at a time per
 * machine, at most 90 minutes. A script that fails is an answer, not an error.
 */
export async function runGuestScript(
  connection: Connection,
  request: { readonly vmId: string; readonly script: string },
  signal: AbortSignal,
): Promise<GuestScriptResult> {
  const id = parseResourceId(request.vmId);
  return azureCall(`run a command in ${id.name}`, signal, async () => {
    const client = await computeClient(connection, id.subscriptionId);
    const result = await client.virtualMachines.runCommand(
      id.resourceGroup,
      id.name,
      { commandId: 'RunShellScript', script: request.script.split('\n') },
      pollOptions(connection, signal),
    );
    return parseGuestMessage(result.value?.[0]?.message ?? '');
  });
}

/** `Enable succeeded: \n[stdout]\n...\n[stderr]\n...`; a failed script says `Enable failed: ...` instead. */
export function parseGuestMessage(message: string): GuestScriptResult {
  const parts = /^([\s\S]*?)\n\[stdout\]\n([\s\S]*)\n\[stderr\]\n([\s\S]*)$/.exec(message);
  const summary = (parts?.[1] ?? message).trim();
  return {
    succeeded: parts !== null && /^Enable succeeded/.test(summary),
    summary,
    stdout: parts?.[2] ?? '',
    stderr: parts?.[3] ?? '',
  };
}
