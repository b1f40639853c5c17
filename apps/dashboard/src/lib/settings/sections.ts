import type { Scope } from '@tidemark/schemas';

type Section = {
  readonly path: `/settings/${string}`;
  readonly title: string;
  readonly scope: Scope;
  /** What else a person may call it, for the search. */
  readonly alsoKnownAs: readonly string[];
};

/** The pages of the settings, in their order. */
const SECTIONS: readonly Section[] = [
  { path: '/settings/keys', title: 'Keys', scope: 'admin:write', alsoKnownAs: ['secret', 'rotate', 'revoke'] },
  { path: '/settings/sessions', title: 'Sessions', scope: 'admin:write', alsoKnownAs: ['signed'] },
  { path: '/settings/limits', title: 'Limits', scope: 'admin:write', alsoKnownAs: ['budgets', 'rate'] },
  { path: '/settings/data', title: 'Data', scope: 'admin:write', alsoKnownAs: ['retention', 'erase', 'user'] },
  { path: '/settings/tenant', title: 'Name and zone', scope: 'admin:write', alsoKnownAs: ['time'] },
  { path: '/settings/audit', title: 'Audit log', scope: 'admin:write', alsoKnownAs: ['history', 'who'] },
  { path: '/settings/tenants', title: 'Tenants', scope: 'platform', alsoKnownAs: ['customers'] },
];

/** The sections that these scopes may see. */
export function sectionsFor(scopes: readonly Scope[]): readonly Section[] {
  return SECTIONS.filter(({ scope }) => scopes.includes(scope));
}
