import type { ErrorCode } from '@tidemark/schemas';

declare global {
  namespace App {
    interface Error {
      /** The API's own code, where it refused or did not answer. */
      code?: ErrorCode;
      requestId?: string | null;
    }
  }
}
