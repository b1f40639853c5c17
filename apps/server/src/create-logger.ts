import { destination, type Logger, pino } from 'pino';

/** JSON lines on stderr, so that stdout stays for people and pipes. Secrets have no place in either. */
export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      serializers: { error: pino.stdSerializers.err, cause: pino.stdSerializers.err },
      redact: ['*.authorization', '*.secret', '*.key', '*.token', '*.connectionString'],
    },
    destination({ fd: 2, sync: true }),
  );
}
