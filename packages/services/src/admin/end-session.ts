import type { ActorContext } from '../context.ts';
export async function endSession(_ctx: ActorContext): Promise<{ ended: boolean }> { throw new Error('later'); }
