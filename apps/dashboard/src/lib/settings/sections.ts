import type { Scope } from '@tidemark/schemas';

type Section = {
  readonly path: `/settings/${string}`;
  readonly title: string;
  readonly scope: Scope;
};

/** The pages of the settings, in their order. */
const SECTIONS: readonly Section[] = [
  { path: '/settings/keys', title: 'Keys', scope: 'admin:write' },
  { path: '/settings/sessions', title: 'Sessions', scope: 'admin:write' },
  { path: '/settings/limits', title: 'Limits', scope: 'admin:read' },
  { path: '/settings/data', title: 'Data', scope: 'admin:read' },
  { path: '/settings/tenant', title: 'Name and zone', scope: 'admin:write' },
  { path: '/settings/audit', title: 'Audit log', scope: 'admin:write' },
  { path: '/settings/tenants', title: 'Tenants', scope: 'platform' },
];

/** The sections that these scopes may see. */
export function sectionsFor(scopes: readonly Scope[]): readonly Section[] {
  return SECTIONS.filter(({ scope }) => scopes.includes(scope));
}
