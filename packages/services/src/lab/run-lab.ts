import type { LabMessage, LimitsInput, RunLabInput, ScenarioName } from '@tidemark/schemas';
import { createKey } from '../admin/create-key.ts';
import { LAB_SLUG, makeTenant } from '../admin/create-tenant.ts';
import { listTenants } from '../admin/list-tenants.ts';
import { revokeKey } from '../admin/revoke-key.ts';
import { setLimits } from '../admin/set-limits.ts';
import { announceAudited } from '../audit/change-audited.ts';
import { type ActorContext, assertScope, type TenantContext } from '../context.ts';
import { withPatience } from '../live/with-patience.ts';
import { TidemarkError } from '../tidemark-error.ts';
import type { LabControl, LabEngine, LabKeys } from './lab-engine.ts';

/** Should a run never come to revoke its keys, they end by themselves. */
const KEYS_LAST_MS = 15 * 60_000;
/** What a scenario is not about must not stand in its way. */
const UNLIMITED = {
  analytics: 1_000_000,
  eventWrites: 1_000_000,
  eventReads: 1_000_000,
  general: 1_000_000,
  health: 1_000_000,
} as const satisfies LimitsInput;
const OWN_LIMITS = {
  analytics: null,
  eventWrites: null,
  eventReads: null,
  general: null,
  health: null,
} as const satisfies LimitsInput;
const BREAKING: ReadonlySet<ScenarioName> = new Set(['circuit_breaker']);
const ROLES = ['viewer', 'ingest', 'admin'] as const;

const running = new WeakSet<LabEngine>();

/** Runs a scenario against this server, on a tenant of the lab's own; tells of each phase and ends with the verdict. */
export async function* runLab(
  ctx: ActorContext,
  input: RunLabInput,
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<LabMessage> {
  assertScope(ctx, 'platform');
  const { lab } = ctx.resources;
  if (lab === undefined) throw new TidemarkError('not_found', 'This server was started without a lab.');
  if (BREAKING.has(input.scenario) && lab.faults === undefined) {
    const reason = 'This scenario breaks the database on purpose: start the server with TIDEMARK_LAB=1.';
    throw new TidemarkError('forbidden', reason, { scenario: input.scenario, setting: 'TIDEMARK_LAB' });
  }
  if (running.has(lab)) {
    throw new TidemarkError('conflict', 'Another scenario runs on this server: wait for its verdict.');
  }
  running.add(lab);
  try {
    await announceAudited(ctx, null, { action: 'lab.run', evidence: input });
    const tenantCtx = await openLabTenant(ctx);
    const keys = await Promise.all(ROLES.map((role) => createLabKey(tenantCtx, role)));
    const secrets = Object.fromEntries(keys.map(({ role, secret }) => [role, secret])) as LabKeys;
    try {
      const control = toControl(lab, tenantCtx);
      await control.limitAnalytics(null);
      yield* lab.run({ ...input, keys: secrets, control, signal });
    } finally {
      lab.faults?.clear();
      // What was broken on purpose may be in the way for a moment yet.
      const whole = new AbortController().signal;
      const cleanUps = [() => setLimits(tenantCtx, OWN_LIMITS), ...keys.map((key) => () => revokeKey(tenantCtx, key))];
      await Promise.all(cleanUps.map((cleanUp) => withPatience<unknown>(cleanUp, whole)));
    }
  } finally {
    running.delete(lab);
  }
}

async function openLabTenant(ctx: ActorContext): Promise<TenantContext> {
  const known = (await listTenants(ctx)).find(({ slug }) => slug === LAB_SLUG);
  const tenant = known ?? (await makeTenant(ctx, { slug: LAB_SLUG, name: 'Lab', timeZone: 'UTC' }));
  return { ...ctx, tenant };
}

async function createLabKey(ctx: TenantContext, role: (typeof ROLES)[number]) {
  const expiresAt = new Date(ctx.resources.clock() + KEYS_LAST_MS).toISOString();
  return await createKey(ctx, { name: `lab ${role}`, role, expiresAt });
}

/** Nothing can be injected where the server does not allow it. */
function toControl({ faults }: LabEngine, tenantCtx: TenantContext): LabControl {
  return {
    inject: (fault, forMs) => faults?.inject(fault, forMs),
    clear: () => faults?.clear(),
    limitAnalytics: async (calls) => {
      await setLimits(tenantCtx, { ...UNLIMITED, analytics: calls ?? UNLIMITED.analytics });
    },
  };
}
