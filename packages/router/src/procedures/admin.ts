import {
  apiKeySchema,
  auditInputSchema,
  auditPageSchema,
  cacheStatsSchema,
  clearCacheInputSchema,
  createdKeySchema,
  createdSessionSchema,
  createKeyInputSchema,
  createSessionInputSchema,
  createTenantInputSchema,
  currentSessionSchema,
  endSessionInputSchema,
  erasedUserSchema,
  eraseUserInputSchema,
  faultsSchema,
  healthSchema,
  injectFaultInputSchema,
  limitsInputSchema,
  limitsSchema,
  retentionInputSchema,
  retentionPreviewSchema,
  retentionSchema,
  revokeKeyInputSchema,
  rotatedKeySchema,
  rotateKeyInputSchema,
  runLabInputSchema,
  sessionSchema,
  tenantSchema,
  updateTenantInputSchema,
} from '@tidemark/schemas';
import {
  clearCache,
  clearFaults,
  createKey,
  createSession,
  createTenant,
  endSession,
  eraseUser,
  getCacheStats,
  getCurrentSession,
  getHealth,
  getLimits,
  getRetention,
  injectFault,
  listAudit,
  listKeys,
  listSessions,
  listTenants,
  previewRetention,
  revokeKey,
  rotateKey,
  runLab,
  setLimits,
  setRetention,
  updateTenant,
  watchHealth,
} from '@tidemark/services';
import { z } from 'zod';
import { actorProcedure, publicProcedure, tenantProcedure } from '../procedure.ts';
import { toTrpcError } from '../translate-errors.ts';
import { router } from '../trpc.ts';

const tenantsRouter = router({
  list: actorProcedure.output(z.array(tenantSchema)).query(({ ctx }) => listTenants(ctx)),

  create: actorProcedure
    .input(createTenantInputSchema)
    .output(tenantSchema)
    .mutation(({ ctx, input }) => createTenant(ctx, input)),

  update: actorProcedure
    .input(updateTenantInputSchema)
    .output(tenantSchema)
    .mutation(({ ctx, input }) => updateTenant(ctx, input)),
});

const keysRouter = router({
  list: tenantProcedure.output(z.array(apiKeySchema)).query(({ ctx }) => listKeys(ctx)),

  create: tenantProcedure
    .input(createKeyInputSchema)
    .output(createdKeySchema)
    .mutation(({ ctx, input }) => createKey(ctx, input)),

  rotate: tenantProcedure
    .input(rotateKeyInputSchema)
    .output(rotatedKeySchema)
    .mutation(({ ctx, input }) => rotateKey(ctx, input)),

  revoke: tenantProcedure
    .input(revokeKeyInputSchema)
    .output(apiKeySchema)
    .mutation(({ ctx, input }) => revokeKey(ctx, input)),
});

const sessionsRouter = router({
  create: publicProcedure
    .input(createSessionInputSchema)
    .output(createdSessionSchema)
    .mutation(({ ctx, input }) => createSession(ctx, input)),

  current: actorProcedure.output(currentSessionSchema).query(({ ctx }) => getCurrentSession(ctx)),

  list: actorProcedure.output(z.array(sessionSchema)).query(({ ctx }) => listSessions(ctx)),

  end: actorProcedure
    .input(endSessionInputSchema)
    .output(z.object({ ended: z.boolean() }))
    .mutation(({ ctx, input }) => endSession(ctx, input)),
});

const retentionRouter = router({
  get: tenantProcedure.output(retentionSchema).query(({ ctx }) => getRetention(ctx)),

  set: tenantProcedure
    .input(retentionInputSchema)
    .output(retentionSchema)
    .mutation(({ ctx, input }) => setRetention(ctx, input)),

  preview: tenantProcedure
    .input(retentionInputSchema)
    .output(retentionPreviewSchema)
    .query(({ ctx, input }) => previewRetention(ctx, input)),
});

const limitsRouter = router({
  get: tenantProcedure.output(limitsSchema).query(({ ctx }) => getLimits(ctx)),

  set: tenantProcedure
    .input(limitsInputSchema)
    .output(limitsSchema)
    .mutation(({ ctx, input }) => setLimits(ctx, input)),
});

const auditRouter = router({
  list: actorProcedure
    .input(auditInputSchema)
    .output(auditPageSchema)
    .query(({ ctx, input }) => listAudit(ctx, input)),
});

const usersRouter = router({
  erase: tenantProcedure
    .input(eraseUserInputSchema)
    .output(erasedUserSchema)
    .mutation(({ ctx, input }) => eraseUser(ctx, input)),
});

const labRouter = router({
  run: actorProcedure.input(runLabInputSchema).subscription(async function* ({ ctx, input, signal }) {
    try {
      yield* runLab(ctx, input, signal);
    } catch (error) {
      throw toTrpcError(error);
    }
  }),
});

const faultsRouter = router({
  inject: actorProcedure
    .input(injectFaultInputSchema)
    .output(faultsSchema)
    .mutation(({ ctx, input }) => injectFault(ctx, input)),

  clear: actorProcedure.output(faultsSchema).mutation(({ ctx }) => clearFaults(ctx)),
});

export const adminRouter = router({
  health: tenantProcedure.output(healthSchema).query(({ ctx }) => getHealth(ctx)),

  watchHealth: tenantProcedure.subscription(async function* ({ ctx, signal }) {
    try {
      yield* watchHealth(ctx, signal);
    } catch (error) {
      throw toTrpcError(error);
    }
  }),

  cacheStats: tenantProcedure.output(cacheStatsSchema).query(({ ctx }) => getCacheStats(ctx)),

  clearCache: tenantProcedure
    .input(clearCacheInputSchema)
    .output(z.object({ cleared: z.literal(true) }))
    .mutation(({ ctx, input }) => clearCache(ctx, input)),

  tenants: tenantsRouter,
  keys: keysRouter,
  audit: auditRouter,
  limits: limitsRouter,
  retention: retentionRouter,
  users: usersRouter,
  sessions: sessionsRouter,
  lab: labRouter,
  faults: faultsRouter,
});
