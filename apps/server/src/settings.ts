import { parseRedisUrl } from '@tidemark/redis';
import type { LimitRules } from '@tidemark/services';
import { z } from 'zod';
import { CliError } from './cli/cli-error.ts';
import { readEnvironment } from './env.ts';
import { parseLimits } from './parse-limits.ts';

const PORT_HINT = 'must be a port, 1 to 65535';
const port = (fallback: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, PORT_HINT)
    .transform(Number)
    .pipe(z.int(PORT_HINT).min(1, PORT_HINT).max(65_535, PORT_HINT))
    .default(fallback);
const flag = (fallback: '0' | '1') =>
  z
    .enum(['0', '1'])
    .default(fallback)
    .transform((text) => text === '1');
const databaseUrl = z.url({
  protocol: /^postgres(?:ql)?$/,
  error: 'must look like postgres://user:password@host:5432/name, with special characters of the password %-encoded',
});
const redisUrl = z.string().superRefine((url, { addIssue }) => {
  try {
    parseRedisUrl(url);
  } catch (error) {
    addIssue((error as Error).message);
  }
});

const limits = z.string().transform((text, { addIssue }) => {
  try {
    return parseLimits(text);
  } catch (error) {
    addIssue((error as Error).message);
    return z.NEVER;
  }
});

const secret = z
  .string()
  .regex(/^[\x21-\x7e]{16,200}$/, 'must be 16 to 200 characters that a header can carry, without spaces');

const PROXIES_HINT = 'must be the number of proxies before the server, 0 to 9';

const settingsSchema = z.object({
  TIDEMARK_PORT: port(3001),
  TIDEMARK_HOST: z.string().min(1).default('127.0.0.1'),
  TIDEMARK_DASHBOARD_PORT: port(5173),
  TIDEMARK_PLATFORM_KEY: z.string().min(20, 'must have at least 20 characters').max(200).optional(),
  TIDEMARK_CORS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((origin) => origin.trim())
        .filter(Boolean),
    )
    .pipe(z.array(z.url('must be origins, comma-separated, such as https://example.com'))),
  TIDEMARK_LIMITS: limits.default({}),
  TIDEMARK_TRUSTED_PROXIES: z.string().regex(/^\d$/, PROXIES_HINT).transform(Number).default(0),
  TIDEMARK_DASHBOARD_TOKEN: secret.optional(),
  TIDEMARK_DATA_DIR: z.string().min(1).default('.tidemark'),
  DATABASE_URL: databaseUrl.optional(),
  REDIS_URL: redisUrl.optional(),
  TIDEMARK_DEMO: flag('1'),
  TIDEMARK_LAB: flag('0'),
  TIDEMARK_METRICS_TOKEN: secret.optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must be an address such as http://collector:4318' })
    .optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).optional(),
});

/** The server's settings, read once. */
export type Settings = {
  readonly port: number;
  readonly host: string;
  readonly dashboardPort: number;
  readonly platformKey: string | undefined;
  readonly allowedOrigins: readonly string[];
  /** Limits that differ from the product's own. */
  readonly limits: Partial<LimitRules>;
  /** Proxies that requests pass. */
  readonly trustedProxies: number;
  /** What the dashboard proves itself by. */
  readonly dashboardToken: string | undefined;
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly isDemo: boolean;
  /** Whether the lab may inject faults. */
  readonly isLab: boolean;
  /** Who sends it may read `/metrics` from anywhere. */
  readonly metricsToken: string | undefined;
  /** Where traces are sent to. */
  readonly tracesUrl: string | undefined;
  readonly logLevel: z.infer<typeof settingsSchema>['LOG_LEVEL'];
};

/** Reads the settings from the environment; an empty variable is an absent one. */
export function readSettings(): Settings {
  const given = Object.fromEntries(Object.entries(readEnvironment()).filter(([, value]) => value !== ''));
  const parsed = settingsSchema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CliError(`${issue?.path[0]?.toString() ?? 'a setting'}: ${issue?.message ?? 'is not valid'}`);
  }
  const env = parsed.data;
  if (env.TIDEMARK_PORT === env.TIDEMARK_DASHBOARD_PORT) {
    throw new CliError('TIDEMARK_DASHBOARD_PORT: must differ from TIDEMARK_PORT');
  }
  return {
    port: env.TIDEMARK_PORT,
    host: env.TIDEMARK_HOST,
    dashboardPort: env.TIDEMARK_DASHBOARD_PORT,
    platformKey: env.TIDEMARK_PLATFORM_KEY,
    allowedOrigins: env.TIDEMARK_CORS.map((origin) => new URL(origin).origin),
    limits: env.TIDEMARK_LIMITS,
    trustedProxies: env.TIDEMARK_TRUSTED_PROXIES,
    dashboardToken: env.TIDEMARK_DASHBOARD_TOKEN,
    dataDir: env.TIDEMARK_DATA_DIR,
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    isDemo: env.TIDEMARK_DEMO,
    isLab: env.TIDEMARK_LAB,
    metricsToken: env.TIDEMARK_METRICS_TOKEN,
    tracesUrl: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    logLevel: env.LOG_LEVEL,
  };
}
