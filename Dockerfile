# Two targets from one tree: `server` (the API) and `dashboard`.
FROM node:26-slim AS base
RUN npm install --global pnpm@12.21.0
WORKDIR /app
COPY pnpm-lock.yaml pnpm-workspace.yaml package.json ./

# Without the optional PostgreSQL binaries: DATABASE_URL names the real one.
FROM base AS server-build
COPY packages packages
COPY apps/server apps/server
RUN pnpm install --frozen-lockfile --prod --no-optional --filter-prod "@tidemark/server..."

FROM base AS dashboard-build
COPY packages packages
COPY apps/dashboard apps/dashboard
RUN pnpm install --frozen-lockfile --filter "@tidemark/dashboard..." \
  && pnpm --filter @tidemark/dashboard run build

FROM node:26-slim AS server
ENV NODE_ENV=production TIDEMARK_HOST=0.0.0.0 TIDEMARK_DATA_DIR=/var/lib/tidemark
WORKDIR /app
# A named volume takes over the owner of the folder it covers.
RUN install -d -o node -g node -m 0700 /var/lib/tidemark
COPY --from=server-build /app/ ./
USER node
EXPOSE 3001
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3001/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/server/src/main.ts", "serve"]

# The build holds everything it imports.
FROM node:26-slim AS dashboard
ENV NODE_ENV=production HOST=0.0.0.0 PORT=5173 SHUTDOWN_TIMEOUT=1 BODY_SIZE_LIMIT=4M
WORKDIR /app
COPY --from=dashboard-build /app/apps/dashboard/package.json ./
COPY --from=dashboard-build /app/apps/dashboard/build build
USER node
EXPOSE 5173
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:5173/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "build"]
