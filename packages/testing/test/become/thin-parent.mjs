import { join } from 'node:path';
import { become } from '../../../../scripts/lib/become.mjs';

become(process.execPath, [join(import.meta.dirname, 'counts-signals.ts')]);
