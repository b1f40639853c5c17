import { deleteSessionRow } from '@tidemark/database';
import type { ActorContext } from '../context.ts';
import { withReadFaults } from '../with-read-faults.ts';

/** Signs the calling session out. A key has no session to end. */
export async function endSession({ actor, resources }: ActorContext): Promise<{ ended: boolean }> {
  const { sessionId } = actor;
  if (sessionId === null) return { ended: false };
  const ended = await withReadFaults(() => deleteSessionRow(resources.database.directory, sessionId));
  resources.authenticator.forget();
  return { ended };
}
