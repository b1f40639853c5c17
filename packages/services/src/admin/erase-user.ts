import type { ErasedUser, EraseUserInput } from '@tidemark/schemas';
import { announceAudited } from '../audit/change-audited.ts';
import { ROOT_TAG } from '../cache/time-tags.ts';
import { assertScope, type TenantContext } from '../context.ts';
import { announceCommit } from '../events/announce-commit.ts';
import { type ErasureStep, eraseStep } from '../events/erase-step.ts';

/**
 * Erases a user of the tenant: their events, what they add to every number, and their name. Goes in steps, each
 * of which leaves every number right; asked again after a failure it goes on. Events of theirs that arrive meanwhile
 * go too, later ones are those of a new user. Of what retention took before, anonymous counts and users stay.
 */
export async function eraseUser(ctx: TenantContext, { userId }: EraseUserInput): Promise<ErasedUser> {
  assertScope(ctx, 'admin:write');
  const { resources, tenant } = ctx;
  // Without the name, which is to be forgotten.
  await announceAudited(ctx, tenant.id, { action: 'users.erase' });
  let events = 0;
  for (;;) {
    const step: ErasureStep = await resources.changing.run(tenant.id, (signal) =>
      eraseStep(resources, tenant.id, userId, { signal }),
    );
    events += step.events;
    if (step.announced !== undefined) await announceCommit(resources, tenant.id, step.announced, [ctx.actor.keyId]);
    if (step.state === 'more') continue;
    // From here on no kept answer of before is served, be it as a stale one: it may hold the name.
    await resources.answers.renew(tenant.id, [ROOT_TAG]);
    return { userId, events, wasKnown: step.state === 'erased' || events > 0 };
  }
}
