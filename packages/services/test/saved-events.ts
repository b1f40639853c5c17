import type { DatabaseResource } from '@tidemark/testing';
import { Oracle } from '@tidemark/testing';

/** An oracle over a copy of the events, which remembers those that the product has deleted. */
export class SavedEvents implements AsyncDisposable {
  readonly oracle: Oracle;

  private constructor(oracle: Oracle) {
    this.oracle = oracle;
  }

  static async open(url: DatabaseResource['url']): Promise<SavedEvents> {
    const oracle = await Oracle.open(url);
    await oracle.ask('CREATE SCHEMA saved');
    await oracle.ask('CREATE TABLE saved.events (LIKE public.events INCLUDING INDEXES)');
    await oracle.ask('SET search_path = saved, public');
    return new SavedEvents(oracle);
  }

  /** Copies what is new of a tenant. */
  async save(tenantId: string): Promise<void> {
    await this.oracle.ask(
      'INSERT INTO saved.events SELECT * FROM public.events WHERE tenant_id = $1 ON CONFLICT DO NOTHING',
      [tenantId],
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.oracle[Symbol.asyncDispose]();
  }
}
