import { findVisitor } from '#lib/server/visitor.ts';
import { TIDEMARK_API } from '$app/env/private';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async (event) => {
  const { session, tenant } = await findVisitor(event);
  const { name, role, scopes, tenants } = session;
  return { session: { name, role, scopes }, tenants, tenant, api: TIDEMARK_API };
};
